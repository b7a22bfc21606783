#pragma once

#include "handles.h"
#include "api.h"

#include <vector>

namespace adaqat {

// What a call returns to managed code: a buffer of this thread, valid until the thread's next call.
class Results {
public:
    static Results& of_this_thread();

    void clear() { values_.clear(); }
    void add(at::Tensor tensor);
    void add(int64_t value);
    void add(double value);
    void add(bool value);
    void add_complex(double real, double imaginary);
    void add_none();
    Value* data() { return values_.data(); }
    int32_t count() const { return static_cast<int32_t>(values_.size()); }

private:
    std::vector<Value> values_;
};

}

#include "results.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace adaqat {

namespace {

int32_t storage_kilobytes(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage()) return 0;
    return static_cast<int32_t>(std::min<uint64_t>(tensor.storage().nbytes() >> 10, INT32_MAX));
}

}

Results& Results::of_this_thread() {
    thread_local Results results;
    return results;
}

void Results::add(at::Tensor tensor) {
    Value value{Kind::Tensor, storage_kilobytes(tensor), {}};
    value.pointer = hand_out(std::move(tensor));
    values_.push_back(value);
}

void Results::add(int64_t integer) {
    Value value{Kind::Integer, 0, {}};
    value.integer = integer;
    values_.push_back(value);
}

void Results::add(double real) {
    Value value{Kind::Real, 0, {}};
    value.real = real;
    values_.push_back(value);
}

void Results::add(bool boolean) {
    Value value{Kind::Boolean, 0, {}};
    value.integer = boolean ? 1 : 0;
    values_.push_back(value);
}

void Results::add_complex(double real, double imaginary) {
    add(real);
    values_.back().kind = Kind::Complex;
    add(imaginary);
}

void Results::add_none() {
    values_.push_back(Value{Kind::None, 0, {}});
}

}

#pragma once

#include <cstdint>

#define ADAQAT_API extern "C" __attribute__((visibility("default")))

namespace adaqat {

// Mirrors Interop/ValueKind.cs.
enum class Kind : int32_t {
    None = 0,
    Tensor = 1,
    Integer = 2,
    Real = 3,
    Boolean = 4,
    IntegerList = 5,
    RealList = 6,
    BooleanList = 7,
    TensorList = 8,
    OptionalTensorList = 9,
    String = 10,
    Device = 11,
    Generator = 12,
    Complex = 13,
};

// An argument or a result, mirrored by Interop/NativeValue.cs. Lists point to 64-bit elements, whatever their kind, so that
// the managed side needs a single scratch buffer. A tensor is a TensorImpl*: borrowed in an argument, owned in a result, where
// `count` says how many kilobytes its storage has.
struct Value {
    Kind kind;
    int32_t count;
    union {
        int64_t integer;
        double real;
        void* pointer;
    };
};

// What every function that can fail returns; the text is then at adaqat_last_error().
enum Status : int32_t { Ok = 0, Failed = -1 };

}

#pragma once

#include <ATen/core/Tensor.h>

namespace adaqat {

// Managed code holds a tensor as a TensorImpl* that owns one reference.
using Handle = c10::TensorImpl*;

inline at::Tensor borrow(Handle handle) {
    return handle == nullptr
        ? at::Tensor()
        : at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

// An undefined tensor becomes a null handle.
inline Handle hand_out(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline std::vector<at::Tensor> borrow_all(Handle const* handles, int64_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) tensors.push_back(borrow(handles[i]));
    return tensors;
}

}

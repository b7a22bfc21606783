// A tensor's identity, memory and description; whatever is an operator goes through dispatch.cpp instead.

#include "errors.h"
#include "handles.h"

#include <ATen/NamedTensorUtils.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cstring>

using namespace adaqat;

// Mirrors Interop/TensorDescription.cs.
struct Description {
    int64_t elements;
    int64_t element_size;
    int64_t storage_offset;
    int32_t dimensions;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
    int32_t layout;
    int32_t is_contiguous;
};

ADAQAT_API void adaqat_tensor_describe(Handle handle, Description* description) {
    description->elements = handle->numel();
    description->element_size = static_cast<int64_t>(handle->dtype().itemsize());
    const auto device = handle->device();
    description->dimensions = static_cast<int32_t>(handle->dim());
    description->scalar_type = static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
    description->device_type = static_cast<int32_t>(device.type());
    description->device_index = device.index();
    description->layout = static_cast<int32_t>(handle->layout());
    const bool strided = handle->layout() == c10::Layout::Strided;
    description->storage_offset = strided ? handle->storage_offset() : 0;
    description->is_contiguous = strided && handle->is_contiguous() ? 1 : 0;
}

ADAQAT_API void adaqat_tensor_sizes(Handle handle, int64_t* sizes) {
    const auto from = handle->sizes();
    std::copy(from.begin(), from.end(), sizes);
}

ADAQAT_API Status adaqat_tensor_strides(Handle handle, int64_t* strides) {
    return guarded([&] {
        const auto from = handle->strides();
        std::copy(from.begin(), from.end(), strides);
    });
}

// May run on any thread, the finalizer's included.
ADAQAT_API void adaqat_tensor_release(Handle handle) {
    (void)at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle));
}

ADAQAT_API Handle adaqat_tensor_retain(Handle handle) {
    return hand_out(borrow(handle));
}

ADAQAT_API Status adaqat_tensor_data(Handle handle, void** data) {
    return guarded([&] { *data = borrow(handle).data_ptr(); });
}

// A tensor with its own copy of `bytes` bytes at `data`.
ADAQAT_API Status adaqat_tensor_copy_in(
    const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t scalar_type, Handle* result) {
    return guarded([&] {
        auto tensor = at::empty(
            c10::IntArrayRef(sizes, static_cast<size_t>(dimensions)), at::TensorOptions(static_cast<c10::ScalarType>(scalar_type)));
        TORCH_CHECK(
            static_cast<int64_t>(tensor.nbytes()) == bytes, "a tensor of ", tensor.nbytes(), " bytes cannot be made from ", bytes, " bytes");
        if (bytes > 0) std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(bytes));
        *result = hand_out(std::move(tensor));
    });
}

// A tensor over memory of the caller's, which `release(context)` is told when no tensor reads it any more.
ADAQAT_API Status adaqat_tensor_over(
    void* data, const int64_t* sizes, int32_t dimensions, int32_t scalar_type, void* context, void (*release)(void*), Handle* result) {
    return guarded([&] {
        *result = hand_out(at::from_blob(
            data,
            c10::IntArrayRef(sizes, static_cast<size_t>(dimensions)),
            [context, release](void*) { release(context); },
            at::TensorOptions(static_cast<c10::ScalarType>(scalar_type))));
    });
}

// Names the dimensions; a null name leaves a dimension without one.
ADAQAT_API Status adaqat_tensor_set_names(Handle handle, const char* const* names, int32_t count) {
    return guarded([&] {
        std::vector<at::Dimname> dimnames;
        for (int32_t i = 0; i < count; ++i) {
            dimnames.push_back(names[i] == nullptr ? at::Dimname::wildcard() : at::Dimname::fromSymbol(c10::Symbol::dimname(names[i])));
        }
        auto tensor = borrow(handle);
        at::internal_set_names_inplace(tensor, at::DimnameList(dimnames));
    });
}

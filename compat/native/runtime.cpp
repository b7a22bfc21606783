#include "errors.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

using namespace adaqat;

ADAQAT_API const char* adaqat_torch_version() {
    return TORCH_VERSION;
}

ADAQAT_API int32_t adaqat_num_threads() {
    return at::get_num_threads();
}

ADAQAT_API Status adaqat_set_num_threads(int32_t count) {
    return guarded([&] { at::set_num_threads(count); });
}

ADAQAT_API int32_t adaqat_num_interop_threads() {
    return at::get_num_interop_threads();
}

ADAQAT_API Status adaqat_set_num_interop_threads(int32_t count) {
    return guarded([&] { at::set_num_interop_threads(count); });
}

ADAQAT_API int32_t adaqat_default_dtype() {
    return static_cast<int32_t>(c10::typeMetaToScalarType(c10::get_default_dtype()));
}

ADAQAT_API Status adaqat_set_default_dtype(int32_t scalar_type) {
    return guarded([&] { c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(scalar_type))); });
}

// How many devices of a type there are; 0 where this libtorch has no support for it.
ADAQAT_API int32_t adaqat_device_count(int32_t device_type) {
    const auto type = static_cast<c10::DeviceType>(device_type);
    if (!c10::impl::hasDeviceGuardImpl(type)) return 0;
    return c10::impl::getDeviceGuardImpl(type)->deviceCount();
}

ADAQAT_API int32_t adaqat_has_cudnn() {
    return at::globalContext().hasCUDA() && at::globalContext().userEnabledCuDNN() && at::detail::getCUDAHooks().hasCuDNN() ? 1 : 0;
}

ADAQAT_API Status adaqat_cuda_synchronize(int32_t index) {
    return guarded([&] {
        const auto* guard = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
        const auto device = index < 0 ? guard->getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index));
        at::detail::getCUDAHooks().deviceSynchronize(device.index());
    });
}

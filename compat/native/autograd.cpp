#include "errors.h"
#include "results.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace adaqat;

ADAQAT_API int32_t adaqat_requires_grad(Handle handle) {
    return handle->requires_grad() ? 1 : 0;
}

ADAQAT_API Status adaqat_set_requires_grad(Handle handle, int32_t requires_grad) {
    return guarded([&] { borrow(handle).requires_grad_(requires_grad != 0); });
}

ADAQAT_API int32_t adaqat_is_leaf(Handle handle) {
    return borrow(handle).is_leaf() ? 1 : 0;
}

ADAQAT_API Status adaqat_retain_grad(Handle handle) {
    return guarded([&] { borrow(handle).retain_grad(); });
}

ADAQAT_API Status adaqat_grad(Handle handle, Handle* grad) {
    return guarded([&] { *grad = hand_out(borrow(handle).grad()); });
}

ADAQAT_API Status adaqat_set_grad(Handle handle, Handle grad) {
    return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); });
}

ADAQAT_API Status adaqat_backward(
    Handle const* tensors, int32_t tensor_count, Handle const* grads, int32_t grad_count, int32_t retain_graph, int32_t create_graph,
    Handle const* inputs, int32_t input_count) {
    return guarded([&] {
        torch::autograd::backward(
            borrow_all(tensors, tensor_count), borrow_all(grads, grad_count), retain_graph != 0, create_graph != 0,
            borrow_all(inputs, input_count));
    });
}

ADAQAT_API Status adaqat_gradients(
    Handle const* outputs, int32_t output_count, Handle const* inputs, int32_t input_count, Handle const* grads, int32_t grad_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Value** results, int32_t* result_count) {
    return guarded([&] {
        auto found = torch::autograd::grad(
            borrow_all(outputs, output_count), borrow_all(inputs, input_count), borrow_all(grads, grad_count),
            retain_graph != 0, create_graph != 0, allow_unused != 0);
        auto& out = Results::of_this_thread();
        out.clear();
        for (auto& tensor : found) out.add(std::move(tensor));
        *results = out.data();
        *result_count = out.count();
    });
}

ADAQAT_API int32_t adaqat_grad_mode() {
    return c10::GradMode::is_enabled() ? 1 : 0;
}

ADAQAT_API void adaqat_set_grad_mode(int32_t enabled) {
    c10::GradMode::set_enabled(enabled != 0);
}

ADAQAT_API int32_t adaqat_inference_mode() {
    return c10::InferenceMode::is_enabled() ? 1 : 0;
}

// The guard belongs to the thread that made it and is left in reverse order of entering.
ADAQAT_API void* adaqat_inference_enter(int32_t enabled) {
    return new c10::InferenceMode(enabled != 0);
}

ADAQAT_API void adaqat_inference_leave(void* guard) {
    delete static_cast<c10::InferenceMode*>(guard);
}

ADAQAT_API int32_t adaqat_anomaly_mode(int32_t* check_nan) {
    *check_nan = torch::autograd::AnomalyMode::should_check_nan() ? 1 : 0;
    return torch::autograd::AnomalyMode::is_enabled() ? 1 : 0;
}

ADAQAT_API void adaqat_set_anomaly_mode(int32_t enabled, int32_t check_nan) {
    torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
}

// Custom autograd functions written in managed code. libtorch's own Function does the bookkeeping (edges, saved variables, version
// checks, dirty and non-differentiable marks), so nothing here depends on how a libtorch version wraps outputs.

#include "errors.h"
#include "results.h"

#include <torch/csrc/autograd/custom_function.h>

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace adaqat {

namespace {

// Answers of a managed callback: tensors it hands over, or the ticket and text of the exception that it threw.
struct Answer {
    std::vector<at::Tensor> tensors;
    int64_t ticket = 0;
    std::string message;
};

using Forward = int32_t (*)(void* state, AutogradContext* context, Answer* answer);
using Backward = int32_t (*)(void* state, AutogradContext* context, Handle const* grads, int32_t count, Answer* answer);
using Release = void (*)(void* state);

// Keeps the managed state of one application alive: the node owns it through its context, and the managed side hears of its end once.
struct State : torch::CustomClassHolder {
    State(void* managed, Forward forward, Backward backward, Release released)
        : managed(managed), forward(forward), backward(backward), released(released) {}
    ~State() override { released(managed); }

    void* const managed;
    const Forward forward;
    const Backward backward;
    const Release released;
};

variable_list unwrap(int32_t status, Answer& answer) {
    if (status != Ok) throw ManagedException(answer.ticket, answer.message.c_str());
    return std::move(answer.tensors);
}

constexpr const char* state_key = "managed";

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
    static variable_list forward(AutogradContext* context, const c10::intrusive_ptr<State>& state, at::TensorList) {
        context->saved_data[state_key] = c10::IValue::make_capsule(state);
        Answer answer;
        const auto status = state->forward(state->managed, context, &answer);
        return unwrap(status, answer);
    }

    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const auto state = c10::static_intrusive_pointer_cast<State>(context->saved_data[state_key].toCapsule());
        std::vector<Handle> handles;
        handles.reserve(grads.size());
        for (const auto& grad : grads) handles.push_back(hand_out(grad));
        Answer answer;
        const auto status = state->backward(state->managed, context, handles.data(), static_cast<int32_t>(handles.size()), &answer);
        auto gradients = unwrap(status, answer);
        // libtorch wants a gradient for every argument of forward, and the first of them is the state.
        gradients.insert(gradients.begin(), at::Tensor());
        return gradients;
    }
};

}

}

using namespace adaqat;

// Runs the forward callback on `inputs` (null: not a tensor, no gradient) and links its outputs into the graph.
ADAQAT_API Status adaqat_function_apply(
    void* managed, Forward forward, Backward backward, Release released, Handle const* inputs, int32_t count, Value** results,
    int32_t* result_count) {
    return guarded([&] {
        const auto state = c10::make_intrusive<State>(managed, forward, backward, released);
        const auto tensors = borrow_all(inputs, count);
        auto outputs = ManagedFunction::apply(state, at::TensorList(tensors));
        auto& out = Results::of_this_thread();
        out.clear();
        for (auto& tensor : outputs) out.add(std::move(tensor));
        *results = out.data();
        *result_count = out.count();
    });
}

ADAQAT_API void adaqat_answer_tensors(Answer* answer, Handle const* tensors, int32_t count) {
    answer->tensors = borrow_all(tensors, count);
}

ADAQAT_API void adaqat_answer_exception(Answer* answer, int64_t ticket, const char* message) {
    answer->ticket = ticket;
    answer->message = message;
}

ADAQAT_API Status adaqat_context_save(AutogradContext* context, Handle const* tensors, int32_t count) {
    return guarded([&] { context->save_for_backward(borrow_all(tensors, count)); });
}

ADAQAT_API Status adaqat_context_saved(AutogradContext* context, Value** results, int32_t* result_count) {
    return guarded([&] {
        auto& out = Results::of_this_thread();
        out.clear();
        for (auto& tensor : context->get_saved_variables()) out.add(tensor);
        *results = out.data();
        *result_count = out.count();
    });
}

ADAQAT_API Status adaqat_context_mark_dirty(AutogradContext* context, Handle const* tensors, int32_t count) {
    return guarded([&] { context->mark_dirty(borrow_all(tensors, count)); });
}

ADAQAT_API Status adaqat_context_mark_non_differentiable(AutogradContext* context, Handle const* tensors, int32_t count) {
    return guarded([&] { context->mark_non_differentiable(borrow_all(tensors, count)); });
}

ADAQAT_API void adaqat_context_materialize_grads(AutogradContext* context, int32_t materialize) {
    context->set_materialize_grads(materialize != 0);
}

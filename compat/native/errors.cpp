#include "errors.h"

#include <utility>

namespace adaqat {

namespace {
thread_local std::string last_message;
thread_local int64_t last_ticket = 0;
}

void remember_error(std::string message, int64_t ticket) {
    last_message = std::move(message);
    last_ticket = ticket;
}

}

// The text of this thread's last failure; valid until the next one. `ticket` is not 0 where a managed exception caused it.
ADAQAT_API const char* adaqat_last_error(int64_t* ticket) {
    *ticket = adaqat::last_ticket;
    return adaqat::last_message.c_str();
}

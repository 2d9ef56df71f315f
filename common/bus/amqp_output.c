/* Methods into frames into the output buffer. */

#include "common/bus/amqp_internal.h"

#include <errno.h>
#include <string.h>

void amqp_frame_seal(char *place, uint8_t type, uint16_t channel, size_t size)
{
    place[0] = (char)type;
    place[1] = (char)(channel >> 8);
    place[2] = (char)channel;
    place[3] = (char)(size >> 24);
    place[4] = (char)(size >> 16);
    place[5] = (char)(size >> 8);
    place[6] = (char)size;
    place[FRAME_HEADER + size] = (char)AMQP_FRAME_END;
}

void amqp_output_method(struct amqp_bus *bus, uint16_t channel, amqp_method_number_t method,
                        const void *fields)
{
    char *place = bus_buffer_reserve(&bus->output, METHOD_ROOM);
    char *payload = place + FRAME_HEADER;
    payload[0] = (char)(method >> 24);
    payload[1] = (char)(method >> 16);
    payload[2] = (char)(method >> 8);
    payload[3] = (char)method;
    amqp_bytes_t room = {.bytes = payload + 4, .len = METHOD_ROOM - FRAME_OVERHEAD - 4};
    /* the library reads the fields only, and wants them without const */
    int size = amqp_encode_method(method, (void *)(uintptr_t)fields, room);
    if (size < 0) {
        bus->write_error = EMSGSIZE;
        return;
    }
    amqp_frame_seal(place, AMQP_FRAME_METHOD, channel, (size_t)size + 4);
    bus->output.end += FRAME_OVERHEAD + 4 + (size_t)size;
}

void amqp_output_raw(struct amqp_bus *bus, const void *data, size_t size)
{
    memcpy(bus_buffer_reserve(&bus->output, size), data, size);
    bus->output.end += size;
}

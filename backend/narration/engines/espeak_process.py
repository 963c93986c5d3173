"""A process that speaks one text with espeak-ng: read a JSON request, write a JSON line, then 16-bit samples.

It is a separate process, to keep the GPL library and its crashes out of ours. Constants from espeak-ng's speak_lib.h.
"""

from __future__ import annotations

import ctypes
import json
import sys

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1
_WORD_EVENT = 1
_NORMAL_WORDS_PER_MINUTE = 165


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


def main() -> None:
    import espeakng_loader

    request = json.load(sys.stdin)
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _DONT_EXIT)
    if rate <= 0 or library.espeak_SetVoiceByName(request["language"].encode()) != 0:
        sys.exit("espeak-ng has no such voice")
    library.espeak_SetParameter(_RATE_PARAMETER, round(_NORMAL_WORDS_PER_MINUTE * request["speed"]), 0)
    samples, events = bytearray(), []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
    def heard(wave, count, happened):  # type: ignore[no-untyped-def]
        if wave and count > 0:
            samples.extend(ctypes.string_at(wave, count * 2))
        number = 0
        while happened[number].type != 0:
            if happened[number].type == _WORD_EVENT:
                events.append((happened[number].text_position - 1, happened[number].sample / rate))
            number += 1
        return 0

    library.espeak_SetSynthCallback(heard)
    text = request["text"].encode()
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    sys.stdout.buffer.write(json.dumps({"rate": rate, "events": events}).encode() + b"\n" + bytes(samples))


if __name__ == "__main__":
    main()

"""A story as text: blocks between lines of hyphens, each with ``Text:`` and ``Prompt:`` lines."""

import re


def parse_story(raw_text):
    segments = []
    for block in re.split(r"^\s*-{3,}\s*$", raw_text, flags=re.MULTILINE):
        fields = {"text": [], "prompt": []}
        current = None
        for line in block.splitlines():
            match = re.match(r"\s*(text|prompt)\s*:(.*)", line, re.IGNORECASE)
            content = match[2] if match else line
            if match:
                current = match[1].lower()
            if current and content.strip():
                fields[current].append(content.strip())
        if fields["text"]:
            segments.append({"text_content": " ".join(fields["text"]), "image_prompt": " ".join(fields["prompt"])})
    return segments

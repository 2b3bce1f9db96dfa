package io.baton.orchestrator.operator;

import io.baton.contract.Tsid;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page begins. What it looks like is nobody's business: only what an answer gave is taken.
 *
 * @param order what the pages are sorted by
 * @param after the id that the page begins behind
 */
record Cursor(String order, long after) {

    static @Nullable Cursor parse(@Nullable String text, String order) {
        return Asked.optional("cursor", text, "a cursor of an earlier answer with the same sort", value -> {
            String[] parts = new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8).split(":", 2);
            if (parts.length != 2 || !parts[0].equals(order)) {
                throw new IllegalArgumentException("of another list");
            }
            return new Cursor(order, Tsid.parse(parts[1]));
        });
    }

    @Override
    public String toString() {
        byte[] text = (order + ":" + Tsid.format(after)).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}

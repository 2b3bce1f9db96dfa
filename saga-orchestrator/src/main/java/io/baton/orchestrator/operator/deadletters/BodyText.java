package io.baton.orchestrator.operator.deadletters;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body as text that can be shown. What members of the contract hold of persons is hidden; of a body that is no JSON it
 * cannot be told what that is, so every text in it is hidden and only its form remains.
 */
final class BodyText {

    static final String HIDDEN = "•••";

    /** No body that a service of ours sends is longer, in characters. */
    private static final int LENGTH_MAX = 100_000;

    /** Members that say who somebody is, where he lives or how he pays, wherever they stand. */
    private static final Set<String> PERSONAL = Set.of("deliveryAddress", "address", "customerId", "cardToken");

    private static final String PUNCTUATION = "{}[]:,";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BodyText() {}

    static String of(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree.isContainer() ? shortened(hide(tree, false).toString()) : formOf(body);
        } catch (JacksonException | IllegalArgumentException e) {
            return formOf(body);
        }
    }

    private static String formOf(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
        return text.length() <= LENGTH_MAX ? form(text) : form(text.substring(0, LENGTH_MAX)) + "…";
    }

    private static JsonNode hide(JsonNode node, boolean isPersonal) {
        if (node instanceof ObjectNode object) {
            ObjectNode shown = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> shown.set(
                    member.getKey(), hide(member.getValue(), isPersonal || PERSONAL.contains(member.getKey()))));
            return shown;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode shown = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> shown.add(hide(element, isPersonal)));
            return shown;
        }
        return isPersonal && !node.isNull() ? JsonNodeFactory.instance.stringNode(HIDDEN) : node;
    }

    /** Only the names of members and the punctuation. */
    private static String form(String text) {
        StringBuilder form = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (PUNCTUATION.indexOf(c) >= 0 || Character.isWhitespace(c)) {
                form.append(c);
                at++;
                continue;
            }
            int end = c == '"' ? endOfQuoted(text, at) : endOfWord(text, at);
            form.append(c == '"' && isName(text, end) ? text.substring(at, end) : HIDDEN);
            at = end;
        }
        return form.toString();
    }

    private static int endOfQuoted(String text, int from) {
        for (int at = from + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            } else if (text.charAt(at) == '"') {
                return at + 1;
            }
        }
        return text.length();
    }

    private static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length()
                && text.charAt(at) != '"'
                && PUNCTUATION.indexOf(text.charAt(at)) < 0
                && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether a colon follows. */
    private static boolean isName(String text, int end) {
        int at = end;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == ':';
    }

    private static String shortened(String text) {
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "…";
    }
}

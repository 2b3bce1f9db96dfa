package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.StoredSaga;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A saga's data as operators see them: what is personal stands there, but not what it is. */
@Component
class SagaData {

    static final String HIDDEN = "•••";

    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * Data with something hidden.
     *
     * @param hidden JSON pointers of what is
     */
    record Shown(JsonNode data, List<String> hidden) {}

    Shown hidden(StoredSaga saga) {
        Set<String> personal =
                saga.definition() == null ? Set.of("") : saga.definition().facts().personal();
        List<String> hidden = new ArrayList<>();
        return new Shown(hide(inFull(saga), "", personal, hidden), hidden);
    }

    /** All of it; what is no JSON is left out. */
    JsonNode inFull(StoredSaga saga) {
        try {
            return json.readTree(saga.body());
        } catch (JacksonException e) {
            return json.createObjectNode();
        }
    }

    private static JsonNode hide(JsonNode node, String pointer, Set<String> personal, List<String> hidden) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode shown = object.objectNode();
                for (Map.Entry<String, JsonNode> member : object.properties()) {
                    String name = member.getKey().replace("~", "~0").replace("/", "~1");
                    shown.set(member.getKey(), hide(member.getValue(), pointer + "/" + name, personal, hidden));
                }
                yield shown;
            }
            case ArrayNode array -> {
                ArrayNode shown = array.arrayNode();
                for (int i = 0; i < array.size(); i++) {
                    shown.add(hide(array.get(i), pointer + "/" + i, personal, hidden));
                }
                yield shown;
            }
            case JsonNode leaf when !leaf.isNull() && isPersonal(pointer, personal) -> {
                hidden.add(pointer);
                yield StringNode.valueOf(HIDDEN);
            }
            default -> node;
        };
    }

    private static boolean isPersonal(String pointer, Set<String> personal) {
        return personal.stream().anyMatch(one -> pointer.equals(one) || pointer.startsWith(one + "/"));
    }
}

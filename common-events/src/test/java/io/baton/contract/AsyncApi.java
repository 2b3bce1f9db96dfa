package io.baton.contract;

import static io.baton.contract.JsonSchemas.ordered;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The AsyncAPI 3 document of all topics, made from {@link Contract}. */
final class AsyncApi {

    /** What a topic is for, who reads it, and which headers its records carry beside the common ones. */
    private record TopicPurpose(String name, String sentence, List<String> readers, String headers) {}

    private static final List<TopicPurpose> TOPICS = List.of(
            new TopicPurpose(
                    Topics.SAGA_REQUESTS,
                    "Wishes that a saga be started or cancelled.",
                    List.of("saga-orchestrator"),
                    "CommonHeaders"),
            new TopicPurpose(
                    Topics.SAGA_REPLIES,
                    "Every participant's replies to commands.",
                    List.of("saga-orchestrator"),
                    "ReplyHeaders"),
            new TopicPurpose(
                    Topics.SAGA_EVENTS,
                    "What the orchestrator has to say to those who wish something of a saga.",
                    List.of("order-service"),
                    "CommonHeaders"),
            new TopicPurpose(
                    Topics.SAGA_DEAD_LETTERS, "Sagas that need a person.", List.of(), "CommonHeaders"),
            commands(Topics.ORDER_COMMANDS, "order-service"),
            commands(Topics.PAYMENT_COMMANDS, "payment-service"),
            commands(Topics.INVENTORY_COMMANDS, "inventory-service"),
            commands(Topics.DELIVERY_COMMANDS, "delivery-service"),
            new TopicPurpose(
                    Topics.ORDER_EVENTS,
                    "Orders that ended, for everybody.",
                    List.of("inventory-service"),
                    "CommonHeaders"),
            new TopicPurpose(
                    Topics.INVENTORY_EVENTS,
                    "Products that were added or changed, for everybody. The key is the SKU.",
                    List.of("order-service"),
                    "CommonHeaders"));

    private AsyncApi() {}

    static Map<String, Object> document() {
        Map<String, Object> channels = new LinkedHashMap<>();
        Map<String, Object> operations = new LinkedHashMap<>();
        for (TopicPurpose topic : TOPICS) {
            channels.put(topic.name, channel(topic));
            channels.put(topic.name + Topics.DEAD_LETTER_SUFFIX, deadLetterChannel(topic));
            for (String reader : topic.readers) {
                operations.put(reader + "-reads-" + topic.name, operation(topic));
            }
        }
        return ordered(
                "asyncapi", "3.0.0",
                "info",
                        ordered(
                                "title", "Baton's messages",
                                "version", "1",
                                "description",
                                        "CloudEvents 1.0 in the Kafka binding's binary mode: the value is the JSON of the "
                                                + "message, the headers are text in UTF-8. Made from the contract's records; "
                                                + "not to be edited."),
                "defaultContentType", "application/json",
                "channels", channels,
                "operations", operations,
                "components", ordered("schemas", headerSchemas()));
    }

    private static TopicPurpose commands(String topic, String service) {
        return new TopicPurpose(
                topic, "What sagas ask of the " + service + ".", List.of(service), "CommandHeaders");
    }

    private static Map<String, Object> channel(TopicPurpose topic) {
        Map<String, Object> messages = new LinkedHashMap<>();
        for (MessageType type : Contract.MESSAGES) {
            if (type.topics().contains(topic.name)) {
                messages.put(
                        type.name(),
                        ordered(
                                "name", type.name(),
                                "headers", reference("#/components/schemas/" + topic.headers),
                                "payload", reference("./" + schemaFile(type))));
            }
        }
        return ordered("address", topic.name, "description", topic.sentence, "messages", messages);
    }

    private static Map<String, Object> deadLetterChannel(TopicPurpose topic) {
        return ordered(
                "address", topic.name + Topics.DEAD_LETTER_SUFFIX,
                "description",
                        "Records of " + topic.name + " that could not be read or handled: key, value and headers as they "
                                + "came, if they fit, and where they came from.",
                "messages",
                        ordered(
                                "deadLetter",
                                ordered(
                                        "headers", reference("#/components/schemas/DeadLetterHeaders"),
                                        "payload", ordered("description", "The bytes as they came, or the first of them."))));
    }

    private static Map<String, Object> operation(TopicPurpose topic) {
        Map<String, Object> operation =
                ordered("action", "receive", "channel", reference("#/channels/" + topic.name));
        if (topic.headers.equals("CommandHeaders")) {
            operation.put("reply", ordered("channel", reference("#/channels/" + Topics.SAGA_REPLIES)));
        }
        return operation;
    }

    private static Map<String, Object> headerSchemas() {
        Map<String, Object> saga = ordered(
                MessageHeaders.SAGA_ID, text("The saga that asks."),
                MessageHeaders.STEP, text("The saga's step."),
                MessageHeaders.DIRECTION, oneOf("ACTION", "COMPENSATION"),
                MessageHeaders.ATTEMPT, text("Counts the sends of one command from 1."));
        Map<String, Object> command = new LinkedHashMap<>(saga);
        command.put(
                MessageHeaders.EXPIRY_TIME,
                text("RFC 3339, UTC: a participant that does not know the command does not carry it out after this moment."));
        Map<String, Object> reply = new LinkedHashMap<>(saga);
        reply.put(MessageHeaders.OUTCOME, oneOf("DONE", "REFUSED", "FAILED"));
        reply.put(MessageHeaders.COMMAND_POSITION, text("Where the command was read, as topic-partition@offset."));
        return ordered(
                "CommonHeaders", common(),
                "CommandHeaders", withCommon(command, probe()),
                "ReplyHeaders", withCommon(reply, Map.of()),
                "DeadLetterHeaders", deadLetter());
    }

    private static Map<String, Object> deadLetter() {
        Map<String, Object> schema = headers(ordered(
                MessageHeaders.DLT_TOPIC, text("Where the record was read."),
                MessageHeaders.DLT_PARTITION, text("A decimal number."),
                MessageHeaders.DLT_OFFSET, text("A decimal number."),
                MessageHeaders.DLT_EXCEPTION_CLASS, text("What kind of trouble it made."),
                MessageHeaders.DLT_EXCEPTION_MESSAGE, text("Why it was put aside."),
                MessageHeaders.DLT_CUT_FROM,
                text("Only if the record was too large and is cut: how many bytes its body had. A decimal number.")));
        schema.put("required", without(schema, MessageHeaders.DLT_CUT_FROM));
        return schema;
    }

    private static Map<String, Object> probe() {
        return Map.of(
                MessageHeaders.PROBE,
                ordered(
                        "type", "string",
                        "const", "true",
                        "description", "The command must not be carried out; what came of it is asked for."));
    }

    private static Map<String, Object> common() {
        Map<String, Object> schema = headers(ordered(
                MessageHeaders.SPEC_VERSION, ordered("type", "string", "const", "1.0"),
                MessageHeaders.ID, text("The same for every copy of one message."),
                MessageHeaders.SOURCE, text("The service that said it, as /payment-service."),
                MessageHeaders.TYPE, text("The message's name."),
                MessageHeaders.SUBJECT, text("The record's key: the order id, or the SKU."),
                MessageHeaders.TIME, ordered("type", "string", "format", "date-time"),
                MessageHeaders.CONTENT_TYPE, ordered("type", "string", "const", "application/json"),
                MessageHeaders.TRACE_PARENT, text("W3C Trace Context. May be missing.")));
        schema.put("required", without(schema, MessageHeaders.TRACE_PARENT));
        return schema;
    }

    private static List<String> without(Map<String, Object> schema, String optional) {
        return ((Map<?, ?>) schema.get("properties"))
                .keySet().stream().map(String.class::cast).filter(name -> !name.equals(optional)).toList();
    }

    private static Map<String, Object> withCommon(Map<String, Object> required, Map<String, Object> optional) {
        Map<String, Object> schema = headers(required);
        Map<String, Object> all = new LinkedHashMap<>(required);
        all.putAll(optional);
        schema.put("properties", all);
        return ordered("allOf", List.of(reference("#/components/schemas/CommonHeaders"), schema));
    }

    private static Map<String, Object> headers(Map<String, Object> properties) {
        return ordered("type", "object", "properties", properties, "required", List.copyOf(properties.keySet()));
    }

    private static Map<String, Object> text(String description) {
        return ordered("type", "string", "description", description);
    }

    private static Map<String, Object> oneOf(String... values) {
        return ordered("type", "string", "enum", List.of(values));
    }

    private static Map<String, Object> reference(String target) {
        return ordered("$ref", target);
    }

    static String schemaFile(MessageType type) {
        return type.name() + ".schema.json";
    }
}

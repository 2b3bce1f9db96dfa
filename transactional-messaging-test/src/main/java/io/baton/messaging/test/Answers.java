package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import io.baton.messaging.BatchDriver;
import io.baton.messaging.OutgoingMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a participant said to what it was given.
 *
 * @param replies one for each copy of each command, in the order in which the copies were handled
 * @param events what it said beside its replies
 */
public record Answers(List<Reply> replies, List<Record> events) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * One reply.
     *
     * @param command saga, step and direction of the command, as text
     * @param outcome {@code DONE}, {@code REFUSED} or {@code FAILED}
     */
    public record Reply(String command, int attempt, String outcome, Record body) {}

    static Answers of(List<BatchDriver.Said> all) {
        List<Reply> replies = new ArrayList<>();
        List<Record> events = new ArrayList<>();
        for (BatchDriver.Said said : all) {
            Map<String, String> headers = said.headers();
            assertThat(headers)
                    .as("A %s was put aside as a dead letter", headers.get(MessageHeaders.TYPE))
                    .doesNotContainKey(MessageHeaders.DLT_TOPIC);
            Record body = read(said);
            if (said.topic().equals(Topics.SAGA_REPLIES)) {
                int attempt = Integer.parseInt(headers.get(MessageHeaders.ATTEMPT));
                replies.add(new Reply(identity(headers), attempt, headers.get(MessageHeaders.OUTCOME), body));
            } else {
                events.add(body);
            }
        }
        return new Answers(List.copyOf(replies), List.copyOf(events));
    }

    /**
     * The answer to a command.
     *
     * @throws AssertionError if it was not answered, or if two copies of it were answered differently
     */
    public Record to(OutgoingMessage command) {
        return repliesTo(command).getFirst().body();
    }

    /** {@code DONE}, {@code REFUSED} or {@code FAILED}; fails as {@link #to} does. */
    public String outcomeOf(OutgoingMessage command) {
        return repliesTo(command).getFirst().outcome();
    }

    private List<Reply> repliesTo(OutgoingMessage command) {
        String identity = identity(command.headers());
        List<Reply> mine =
                replies.stream().filter(reply -> reply.command().equals(identity)).toList();
        assertThat(mine).as("replies to %s of %s", command.body(), identity).isNotEmpty();
        assertThat(mine.stream().map(reply -> reply.outcome() + " " + reply.body()).distinct())
                .as("the answers to all copies of %s of %s", command.body(), identity)
                .hasSize(1);
        return mine;
    }

    private static String identity(Map<String, String> headers) {
        return headers.get(MessageHeaders.SAGA_ID)
                + "/" + headers.get(MessageHeaders.STEP)
                + "/" + headers.get(MessageHeaders.DIRECTION);
    }

    private static Record read(BatchDriver.Said said) {
        MessageType type = Contract.MESSAGES.stream()
                .filter(known -> known.name().equals(said.headers().get(MessageHeaders.TYPE)))
                .findFirst()
                .orElseThrow();
        return JSON.readValue(said.body(), type.body());
    }
}

package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.baton.orchestrator.bulk.Bulk;
import io.baton.orchestrator.bulk.Bulk.Item;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bulk as an operator sees it.
 *
 * @param state RUNNING, DONE or CANCELLED
 * @param counts by outcome; they add up to the total
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BulkView(
        String bulkId,
        String action,
        Map<String, String> members,
        String state,
        String actor,
        String reason,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String cancelledBy,
        int maxPerSecond,
        int total,
        Map<String, Integer> counts) {

    static BulkView of(Bulk bulk, Map<Outcome, Integer> counts) {
        Map<String, Integer> named = new TreeMap<>();
        counts.forEach((outcome, count) -> named.put(outcome.name(), count));
        return new BulkView(
                Long.toString(bulk.id()),
                bulk.action(),
                bulk.members(),
                bulk.state(),
                bulk.actor(),
                bulk.reason(),
                bulk.createdAt(),
                bulk.endedAt(),
                bulk.cancelledBy(),
                bulk.maxPerSecond(),
                bulk.total(),
                named);
    }

    /** Some bulks, newest first. */
    record Page(List<BulkView> items, Instant asOf) {}

    /**
     * One bulk with some of its sagas.
     *
     * @param next what to pass as {@code cursor} to see more; null if there are none
     */
    record Detail(
            @JsonUnwrapped BulkView bulk,
            List<ItemView> items,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next,
            Instant asOf) {}

    /**
     * One of its sagas. That an action was granted is one thing; what became of the saga is in {@code effective}.
     *
     * @param version the one that was chosen
     * @param effective the saga's state now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            String sagaId,
            int version,
            String result,
            @Nullable String message,
            @Nullable Instant at,
            @Nullable String effective) {

        static ItemView of(Item item) {
            return new ItemView(
                    item.sagaId().toString(),
                    item.version(),
                    item.outcome().name(),
                    item.message(),
                    item.at(),
                    item.effective());
        }
    }

    /**
     * What a bulk would do.
     *
     * @param count how many sagas are meant
     * @param limited how many of them it would be done to, oldest first; the rest of the answer is about those
     * @param allowed how many allow it
     * @param secondPerson how many of those take a second person
     * @param refused how many do not, by the reason
     * @param sends the commands that it would send
     * @param oldest when the oldest was started; null if there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DryRun(
            String action,
            boolean dryRun,
            int count,
            int limited,
            int allowed,
            int secondPerson,
            List<RefusedView> refused,
            List<SagaView> sample,
            List<SendsView> sends,
            @Nullable Instant oldest,
            Instant asOf) {}

    /** Sagas that do not allow it for the same reason. */
    record RefusedView(String why, int count) {}

    /** Commands of one type to one participant. */
    record SendsView(String command, String participant, int count) {}

    /** Everything that came of a bulk, one line a saga, as spreadsheets read it. */
    static String csv(List<Item> items) {
        StringBuilder lines = new StringBuilder("sagaId,version,result,message,at,effective\r\n");
        for (Item item : items) {
            lines.append(item.sagaId())
                    .append(',')
                    .append(item.version())
                    .append(',')
                    .append(item.outcome())
                    .append(',')
                    .append(cell(item.message()))
                    .append(',')
                    .append(item.at() == null ? "" : item.at())
                    .append(',')
                    .append(cell(item.effective()))
                    .append("\r\n");
        }
        return lines.toString();
    }

    /** In quotes, and never a formula. */
    private static String cell(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String harmless = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + harmless.replace("\"", "\"\"") + '"';
    }
}

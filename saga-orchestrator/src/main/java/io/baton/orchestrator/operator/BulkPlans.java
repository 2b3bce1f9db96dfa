package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.orchestrator.bulk.Bulk.Chosen;
import io.baton.orchestrator.bulk.BulkDeeds;
import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.execution.SagaPreviews;
import io.baton.orchestrator.execution.SagaPreviews.Planned;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.execution.SagaQueries.Snapshot;
import io.baton.orchestrator.operator.BulkView.RefusedView;
import io.baton.orchestrator.operator.BulkView.SendsView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the sagas that an operator means by one wish, and says what it would do to them. */
@Component
class BulkPlans implements BulkDeeds {

    /** How many sagas one wish can be for. */
    static final int MOST = 10_000;

    private static final int PAGE = 500;

    /** Pages can be short where sagas have to be looked through. */
    private static final int PAGES = 2 * MOST / PAGE;

    private static final int SAMPLE = 10;
    private static final ProblemType TOO_MANY =
            new ProblemType("too-many-sagas", 409, "More sagas match than one wish can be for");

    private final SagaActions actions;
    private final SagaQueries queries;
    private final SagaPreviews previews;
    private final SagaReader reader;

    BulkPlans(SagaActions actions, SagaQueries queries, SagaPreviews previews, SagaReader reader) {
        this.actions = actions;
        this.queries = queries;
        this.previews = previews;
        this.reader = reader;
    }

    /**
     * Which sagas are meant.
     *
     * @param ids named one by one, each once; null if they are found by the filter
     */
    record Meant(@Nullable Set<SagaId> ids, SagaFilter filter) {}

    @Override
    public Deed deed(String action, Map<String, String> members) {
        return actions.named(action)
                .deed(new SagaAction.Members(
                        members.get("step"),
                        members.get("took"),
                        members.get("by"),
                        members.get("until"),
                        members.get("assignee"),
                        members.get("text")));
    }

    /** Reads ids that are separated by commas. */
    static Set<SagaId> ids(String text, int most) {
        Set<SagaId> ids = new LinkedHashSet<>();
        for (String id : text.split(",")) {
            ids.add(Asked.sagaId("ids", id.strip()));
        }
        if (ids.size() > most) {
            throw Asked.invalid("ids", "TOO_MANY", "Expected at most " + most + " saga ids; use a filter for more.");
        }
        return ids;
    }

    /**
     * The sagas that are meant, oldest first, each as it is now.
     *
     * @throws ProblemException if there are more than {@link #MOST}, or they are too hard to find
     */
    List<Snapshot> find(Meant meant) {
        if (meant.ids() != null) {
            return queries.find(meant.ids());
        }
        List<Snapshot> found = new ArrayList<>();
        Long after = null;
        int pages = 0;
        do {
            SagaQueries.Found page = queries.page(meant.filter(), true, after, PAGE);
            found.addAll(page.sagas());
            after = page.next();
            pages++;
            if (found.size() > MOST || pages > PAGES) {
                throw new ProblemException(
                        TOO_MANY, "More than " + MOST + " sagas match, or too many have to be looked at; say more "
                                + "closely which are meant, as by their state.");
            }
        } while (after != null);
        return found;
    }

    /** The sagas that a wish is for, with their versions; where ids are named, also those that do not exist. */
    static List<Chosen> chosen(Meant meant, List<Snapshot> found, int limit) {
        Stream<Chosen> there = found.stream()
                .map(snapshot -> new Chosen(snapshot.saga().id(), snapshot.saga().version()));
        if (meant.ids() == null) {
            return there.limit(limit).toList();
        }
        List<Chosen> chosen = new ArrayList<>(there.toList());
        Set<SagaId> gone = new LinkedHashSet<>(meant.ids());
        chosen.forEach(one -> gone.remove(one.sagaId()));
        gone.forEach(id -> chosen.add(new Chosen(id, 0)));
        return chosen.stream().limit(limit).toList();
    }

    /** How many sagas are meant. */
    static int count(Meant meant, List<Snapshot> found) {
        return meant.ids() == null ? found.size() : meant.ids().size();
    }

    BulkView.DryRun dryRun(String action, Deed deed, Meant meant, int limit) {
        Instant now = queries.now();
        List<Snapshot> found = find(meant);
        int count = count(meant, found);
        List<Snapshot> limited = found.stream().limit(limit).toList();
        int allowed = 0;
        int secondPerson = 0;
        Map<String, Integer> refused = new TreeMap<>();
        Map<List<String>, Integer> sends = new TreeMap<>(Comparator.comparing(Object::toString));
        for (Snapshot snapshot : limited) {
            switch (previews.of(snapshot.saga(), deed, now)) {
                case Preview.Refused(String why) -> refused.merge(why, 1, Integer::sum);
                case Preview.Granted granted -> {
                    allowed++;
                    secondPerson += granted.needsSecondPerson() ? 1 : 0;
                    for (Planned planned : granted.sends()) {
                        sends.merge(List.of(planned.command(), planned.participant()), 1, Integer::sum);
                    }
                }
            }
        }
        int gone = Math.min(count, limit) - limited.size();
        if (gone > 0) {
            refused.merge("there is no such saga", gone, Integer::sum);
        }
        return new BulkView.DryRun(
                action,
                true,
                count,
                Math.min(count, limit),
                allowed,
                secondPerson,
                refused.entrySet().stream()
                        .map(entry -> new RefusedView(entry.getKey(), entry.getValue()))
                        .toList(),
                limited.stream().limit(SAMPLE).map(snapshot -> reader.view(snapshot, now)).toList(),
                sends.entrySet().stream()
                        .map(entry -> new SendsView(
                                entry.getKey().getFirst(), entry.getKey().getLast(), entry.getValue()))
                        .toList(),
                limited.isEmpty() ? null : limited.getFirst().saga().startedAt(),
                now);
    }
}

package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.saga.Phase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The actions by which operators tell one another who sees to a saga and what they know of it. The saga itself goes on as
 * it would.
 */
@Configuration(proxyBeanMethods = false)
class CareActions {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_NOTE = 2_000;

    @Bean
    SagaAction note(JdbcOperations jdbc) {
        String effect = "Keeps a note for whoever looks at the saga next.";
        return new Care("note", effect, Set.of("text"), members -> {
            String note = Asked.text("text", members.text(), LONGEST_NOTE);
            return new Doing("note", effect, note, (saga, now) -> jdbc.update(
                    "INSERT INTO saga_attention (saga_id, note) VALUES (?, ?) "
                            + "ON CONFLICT (saga_id) DO UPDATE SET note = excluded.note",
                    saga.id().value(),
                    note));
        });
    }

    @Bean
    SagaAction assign(JdbcOperations jdbc) {
        String effect = "Says who sees to the saga.";
        return new Care("assign", effect, Set.of("assignee"), members -> {
            String given = members.assignee();
            String to = given != null && given.isEmpty() ? null : Asked.text("assignee", given, LONGEST_NAME);
            return new Doing("assign", effect, to == null ? "To nobody." : "To " + to + ".", (saga, now) -> jdbc.update(
                    "INSERT INTO saga_attention (saga_id, assignee) VALUES (?, ?) "
                            + "ON CONFLICT (saga_id) DO UPDATE SET assignee = excluded.assignee",
                    saga.id().value(),
                    to));
        });
    }

    @Bean
    SagaAction snooze(JdbcOperations jdbc) {
        String effect = "Leaves the saga out of the alarms until then, or until it gets stuck by something else.";
        return new Care("snooze", effect, Set.of("until"), members -> {
            Instant until = Asked.instant("until", Asked.required("until", members.until()));
            return new Doing("snooze", effect, "Until " + until + ".", (saga, now) -> jdbc.update(
                    "UPDATE saga_stuck SET snoozed_until = ? WHERE saga_id = ?",
                    until.atOffset(ZoneOffset.UTC),
                    saga.id().value()));
        });
    }

    @Bean
    SagaAction reveal() {
        String effect = "Shows what is hidden of the saga's data, and keeps in the audit who looked.";
        return new Care("reveal", effect, Set.of(), _ -> new Doing("reveal", effect, null, (_, _) -> {}));
    }

    private interface Doer {
        void apply(StoredSaga saga, Instant now);
    }

    private record Doing(String name, String effect, @Nullable String detail, Doer doer) implements Deed.Aside {

        @Override
        public @Nullable String refusal(StoredSaga saga) {
            return name.equals("snooze") && saga.saga().phase() != Phase.STUCK
                    ? "only a stuck saga is in the alarms"
                    : null;
        }

        @Override
        public void apply(StoredSaga saga, Instant now) {
            doer.apply(saga, now);
        }
    }

    private record Care(String name, String effect, Set<String> members, Function<Members, Deed> deed)
            implements SagaAction {

        @Override
        public Deed deed(Members given) {
            return deed.apply(given);
        }

        @Override
        public List<Deed> offered(StoredSaga saga) {
            return List.of(new Doing(name, effect, null, (_, _) -> {}));
        }
    }
}

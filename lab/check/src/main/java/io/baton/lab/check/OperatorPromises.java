package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * P6, P27 and P28: operators see every saga that is stuck, and whatever one changed is on record with who and why, and
 * was changed once.
 */
final class OperatorPromises implements Promises {

    /** What the audit calls an action, by what the saga's log says came of it. */
    private static final Map<String, String> ACTIONS = Map.of(
            "RETRIED", "retry",
            "REVERSED", "compensate",
            "SKIPPED", "skip",
            "RESOLVED_DONE", "resolve",
            "RESOLVED_NOT_DONE", "resolve",
            "EXTENDED", "extend");

    private static final String CHANGES = """
            select coalesce(l.saga_id, a.saga_id), l.seq, l.outcome, l.actor, a.actor, a.action, a.reason,
                   a.version_before, a.version_after, a.granted
            from (select saga_id, seq, outcome, actor from saga_log where outcome in (%1$s)) l
            full join (
                select saga_id, version_after, count(*) as granted, min(actor) as actor, min(action) as action,
                       min(reason) as reason,
                       coalesce(min(version_before), version_after - 1) as version_before
                from operator_audit where result = 'GRANTED' and action in (%2$s)
                group by saga_id, version_after) a on a.saga_id = l.saga_id and a.version_after = l.seq
            """
            .formatted(quoted(ACTIONS.keySet()), quoted(ACTIONS.values()));

    private static final String REPEATED =
            "select request_id from operator_audit where result = 'GRANTED' group by request_id having count(*) > 1";

    private static final String STUCK = """
            select coalesce(s.id, k.saga_id), s.id is not null, k.saga_id is not null,
                   coalesce(s.stuck_code = k.code and s.stuck_step = k.step, true)
            from (select id, stuck_code, stuck_step from saga where phase = 4) s
            full join saga_stuck k on k.saga_id = s.id
            """;

    private final Evidence listed = new Evidence("P6", "what is stuck is listed for operators");
    private final Evidence record = new Evidence("P27", "every action of an operator is on record");
    private final Evidence once = new Evidence("P28", "an operator's action takes effect once, on what was seen");

    @Override
    public void query(Databases databases) throws SQLException {
        databases.forEach(Service.ORCHESTRATOR, STUCK, row -> {
            listed.examined();
            String saga = Tsid.format(row.getLong(1));
            listed.expect(row.getBoolean(2), "saga %s is listed but not stuck", saga);
            listed.expect(row.getBoolean(3), "saga %s is stuck but not listed", saga);
            listed.expect(row.getBoolean(4), "saga %s is listed with another reason than it has", saga);
        });
        databases.forEach(Service.ORCHESTRATOR, CHANGES, row -> {
            String saga = Tsid.format(row.getLong(1));
            int seq = row.getInt(2);
            boolean logged = !row.wasNull();
            String outcome = row.getString(3);
            String granted = row.getString(6);
            record.examined();
            once.examined();
            if (!logged) {
                record.violated("saga %s: %s is on record for version %d but not in its log", saga, granted,
                        row.getInt(9));
                return;
            }
            record.expect(granted != null, "saga %s: line %d, %s, is not on record", saga, seq, outcome);
            if (granted == null) {
                return;
            }
            record.expect(
                    granted.equals(ACTIONS.get(outcome)) && Objects.equals(row.getString(4), row.getString(5))
                            && !row.getString(7).isBlank(),
                    "saga %s: line %d is %s by %s but %s by %s is on record for it",
                    saga, seq, outcome, row.getString(4), granted, row.getString(5));
            once.expect(
                    row.getInt(10) == 1,
                    "saga %s: %d actions are on record for line %d",
                    saga, row.getInt(10), seq);
            once.expect(
                    row.getInt(8) == seq - 1,
                    "saga %s: line %d was granted to somebody who saw version %d",
                    saga, seq, row.getInt(8));
        });
        databases.forEach(Service.ORCHESTRATOR, REPEATED,
                row -> once.violated("request %s was granted more than once", row.getString(1)));
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                listed.finding("%,d stuck sagas", listed.count()),
                record.finding("%,d changes", record.count()),
                once.finding("%,d changes", once.count()));
    }

    private static String quoted(Iterable<String> words) {
        return "'" + String.join("', '", words) + "'";
    }
}

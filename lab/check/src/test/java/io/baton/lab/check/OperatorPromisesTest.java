package io.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P6, P27 and P28: what is stuck is listed; an operator tried a saga's step again, and both the saga's log and the audit say so. */
class OperatorPromisesTest {

    private static final long SAGA = World.SAGA + World.COMPLETED;
    private static final String GRANTED = "insert into operator_audit (at, actor, action, saga_id, reason, request_id, "
            + "result, version_before, version_after) values (now(), 'ada', '%s', " + SAGA
            + ", 'because', gen_random_uuid(), 'GRANTED', %d, %d)";

    private World world;

    @BeforeEach
    void an_operator_retried_in_the_third_version() throws Exception {
        world = Servers.worlds().healthy();
        world.run(
                Service.ORCHESTRATOR,
                "update saga_log set outcome = 'RETRIED', actor = 'ada', direction = null where seq = 3 and saga_id = "
                        + SAGA);
    }

    @AfterEach
    void close() throws SQLException {
        world.close();
    }

    @Test
    void what_is_on_record_once_is_well() throws Exception {
        audit("retry", 2, 3);

        assertThat(violations("P27")).isEmpty();
        assertThat(violations("P28")).isEmpty();
    }

    @Test
    void a_change_that_nobody_recorded_is_found() throws Exception {
        assertThat(violations("P27")).singleElement().asString().contains("line 3, RETRIED, is not on record");
    }

    @Test
    void a_record_of_a_change_that_never_was_is_found() throws Exception {
        audit("retry", 2, 3);
        audit("compensate", 3, 4);

        assertThat(violations("P27")).singleElement().asString().contains("compensate is on record for version 4");
    }

    @Test
    void a_record_of_something_else_is_found() throws Exception {
        audit("skip", 2, 3);

        assertThat(violations("P27")).singleElement().asString().contains("RETRIED by ada but skip by ada");
    }

    @Test
    void two_grants_of_one_change_are_found() throws Exception {
        audit("retry", 2, 3);
        audit("retry", 2, 3);

        assertThat(violations("P28")).singleElement().asString().contains("2 actions are on record for line 3");
    }

    @Test
    void a_grant_to_somebody_who_saw_another_version_is_found() throws Exception {
        audit("retry", 1, 3);

        assertThat(violations("P28")).singleElement().asString().contains("somebody who saw version 1");
    }

    @Test
    void what_is_stuck_and_listed_is_well() throws Exception {
        stuck();
        world.listStuck();

        assertThat(violations("P6")).isEmpty();
    }

    @Test
    void a_stuck_saga_that_is_not_listed_is_found() throws Exception {
        stuck();

        assertThat(violations("P6")).singleElement().asString().contains("is stuck but not listed");
    }

    @Test
    void a_saga_that_is_listed_and_not_stuck_is_found() throws Exception {
        stuck();
        world.listStuck();
        world.run(Service.ORCHESTRATOR, "update saga set phase = 2, stuck_code = null where id = " + SAGA);

        assertThat(violations("P6")).singleElement().asString().contains("is listed but not stuck");
    }

    @Test
    void a_saga_that_is_listed_with_another_reason_is_found() throws Exception {
        stuck();
        world.listStuck();
        world.run(Service.ORCHESTRATOR, "update saga_stuck set code = 'REFUSED'");

        assertThat(violations("P6")).singleElement().asString().contains("with another reason");
    }

    private void stuck() throws SQLException {
        world.run(Service.ORCHESTRATOR, "update saga set phase = 4, stuck_code = 'OUTCOME_UNKNOWN', "
                + "stuck_step = 'delivery' where id = " + SAGA);
    }

    private void audit(String action, int before, int after) throws SQLException {
        world.run(Service.ORCHESTRATOR, GRANTED.formatted(action, before, after));
    }

    private List<String> violations(String promise) throws Exception {
        try (Databases databases = world.databases()) {
            CheckReport report =
                    Check.judge(databases, world.gatewayLedger(), world.history(), List::of, true);
            return report.findings().stream()
                    .filter(finding -> finding.promise().equals(promise))
                    .flatMap(finding -> finding.examples().stream())
                    .toList();
        }
    }
}

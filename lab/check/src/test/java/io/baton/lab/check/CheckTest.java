package io.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.check.StackDescription.Service;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each promise bites: a fault that is planted in a world where all is well is found, and nothing else is. Those of
 * messages: {@link MessagingPromisesTest}.
 */
class CheckTest {

    @Test
    void a_world_where_all_is_well_passes_with_every_promise_exercised_but_those_of_messages() throws Exception {
        try (World world = Servers.worlds().healthy()) {
            CheckReport report = check(world);

            assertThat(report.findings()).extracting(Finding::promise).containsExactly(
                    "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12", "P13", "P14", "P15",
                    "P16", "P17", "P18", "P19", "P20", "P21", "P22", "P26", "P27", "P28", "P29");
            assertThat(with(report, Verdict.VIOLATED)).isEmpty();
            assertThat(with(report, Verdict.NOT_EXERCISED)).containsExactlyInAnyOrder("P6", "P7", "P27", "P28");
            assertThat(report.exitCode()).isZero();
            assertThat(report.text())
                    .contains("4 completed, 3 cancelled, 0 stuck, 0 open; later 1 undone, 1 kept")
                    .contains("P13 ok  conservation of money: 7 orders, 1 wallets, taken 75.00 = completed 75.00")
                    .contains("P16 ok  conservation of stock: 1 products, 100 received = 94 available + 0 reserved + 6")
                    .endsWith("PASSED: 9 ended sagas, 22 promises kept, 4 not exercised, 0 violations");
        }
    }

    @Test
    void an_order_whose_undoing_is_stuck_halfway_breaks_no_promise() throws Exception {
        try (World world = Servers.worlds().healthy()) {
            world.wish(World.COMPLETED, "REQUESTED");
            world.cancellation(World.COMPLETED, 4,
                    "- STARTED - - STARTED",
                    "STARTED DELIVERY_CANCELLED delivery ACTION DONE",
                    "DELIVERY_CANCELLED STOCK_RETURNED inventory ACTION DONE",
                    "STOCK_RETURNED STUCK payment ACTION FAILED");
            world.run(Service.ORCHESTRATOR, "update saga set stuck_code = 'RETRIES_EXHAUSTED' where phase = 4");
            world.listStuck();
            world.cancellationOutcome(Service.DELIVERY, World.COMPLETED, "delivery", 0, 1);
            world.cancellationOutcome(Service.INVENTORY, World.COMPLETED, "inventory", 0, 1);
            world.run(Service.DELIVERY, "update delivery set status = 'CANCELLED', address = null, ended_at = now() "
                    + "where order_id = " + World.COMPLETED);
            world.run(Service.INVENTORY,
                    "update reservation set status = 'RELEASED' where order_id = " + World.COMPLETED);
            world.settle();

            CheckReport report = check(world);

            assertThat(with(report, Verdict.VIOLATED)).as(report.text()).isEmpty();
        }
    }

    @Test
    void a_run_in_which_no_saga_ended_is_invalid() throws Exception {
        try (World world = Servers.worlds().empty()) {
            CheckReport report = check(world);

            assertThat(with(report, Verdict.OK)).isEmpty();
            assertThat(report.exitCode()).isEqualTo(2);
            assertThat(report.text()).contains("INVALID: 0 ended sagas");
        }
    }

    @Test
    void a_run_without_a_history_judges_what_it_can() throws Exception {
        try (World world = Servers.worlds().healthy();
                Databases databases = world.databases()) {
            CheckReport report =
                    Check.judge(databases, world.gatewayLedger(), ClientHistory.none(), List::of, true);

            assertThat(report.exitCode()).isZero();
            assertThat(with(report, Verdict.NOT_EXERCISED)).contains("P2", "P4");
            assertThat(with(report, Verdict.OK)).contains("P1", "P3");
        }
    }

    @ParameterizedTest
    @MethodSource("io.baton.lab.check.Plant#all")
    void a_planted_fault_is_found(Plant plant) throws Exception {
        try (World world = Servers.worlds().healthy()) {
            plant.gardener().plant(world);
            CheckReport report = check(world);

            assertThat(with(report, Verdict.VIOLATED)).as(report.text()).isEqualTo(new TreeSet<>(plant.broken()));
            assertThat(report.exitCode()).isEqualTo(1);
            assertThat(report.findings())
                    .filteredOn(finding -> finding.verdict() == Verdict.VIOLATED)
                    .allSatisfy(finding -> assertThat(finding.examples()).isNotEmpty());
        }
    }

    private static CheckReport check(World world) throws Exception {
        try (Databases databases = world.databases()) {
            return Check.judge(databases, world.gatewayLedger(), world.history(), List::of, true);
        }
    }

    private static Set<String> with(CheckReport report, Verdict verdict) {
        return report.findings().stream()
                .filter(finding -> finding.verdict() == verdict)
                .map(Finding::promise)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.Sample.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the tables of {@link SagaMachineMatrixTest} leave out: words, times and counts. */
class SagaMachineTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private SagaDefinition<Wish> definition = Sample.definition(2);
    private Saga saga = Saga.unstarted(START);
    private Instant now = START;

    @Test
    void a_command_that_is_sent_again_is_logged_with_the_attempt_that_follows() {
        move(new SagaInput.Started());
        assertThat(silence().log().detail()).isEqualTo("sent again as attempt 2");
    }

    @Test
    void silence_to_the_end_is_told_with_how_often_and_how_long_was_waited() {
        move(new SagaInput.Started());
        silence();
        silence();
        assertThat(saga.reason())
                .isEqualTo(new Reason(Reason.TIMEOUT, "a", "No answer to 2 attempts of PT10S each"));

        definition = Sample.definition(1);
        saga = Saga.unstarted(START);
        move(new SagaInput.Started());
        assertThat(silence().log().detail()).isEqualTo("No answer to 1 attempt of PT10S each");
    }

    @Test
    void failure_to_the_end_is_told_with_the_participants_words() {
        move(new SagaInput.Started());
        assertThat(move(failed("a", 1, Duration.ZERO)).log().detail()).isEqualTo("DOWN: Not now.");
        now = now.plusSeconds(30);
        move(new SagaInput.TimerFired());
        move(failed("a", 2, Duration.ZERO));
        assertThat(saga.reason())
                .isEqualTo(new Reason(Reason.TIMEOUT, "a", "Failed at the last of 2 attempts: DOWN: Not now."));
    }

    @Test
    void an_answer_that_says_yes_is_logged_without_further_words() {
        move(new SagaInput.Started());
        assertThat(move(done("a")).log().detail()).isNull();
    }

    @Test
    void after_a_failure_a_participant_is_left_alone_for_as_long_as_it_asks_but_not_beyond_the_sagas_patience() {
        assertThat(pauseWhenAskedFor(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauseWhenAskedFor(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauseWhenAskedFor(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(pauseWhenAskedFor(Duration.ofDays(5))).isEqualTo(Sample.DEADLINE);
    }

    @Test
    void a_saga_is_due_at_its_deadline_where_that_comes_first_and_it_can_still_turn_back() {
        definition = Sample.definition(2).withBounds(Duration.ofSeconds(4), Duration.ofHours(1));
        move(new SagaInput.Started());
        assertThat(saga.dueAt(definition)).isEqualTo(START.plusSeconds(4));

        // An operator who gives it new attempts gives it more time, too.
        move(failed("a", 1, Duration.ZERO));
        move(new SagaInput.OperatorActed("olga", "It is up.", new OperatorAction.Retry()));
        assertThat(saga.dueAt(definition)).isEqualTo(START.plusSeconds(10));
        assertThat(saga.forgiven()).isEqualTo(Map.of("a", 1));
    }

    @Test
    void a_saga_whose_pivot_was_sent_is_due_when_the_pivots_answer_is() {
        definition = Sample.least(2).withBounds(Duration.ofSeconds(4), Duration.ofHours(1));
        saga = new Saga(Phase.FORWARD, START, Map.of("a", new Progress.Done()), Map.of(), Duration.ZERO,
                        Map.of(), null, null)
                .with(definition.pivot(), new Progress.Sent(1, START));
        assertThat(saga.dueAt(definition)).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void the_attempts_that_an_action_was_forgiven_do_not_count_for_its_compensation() {
        move(new SagaInput.Started());
        move(failed("a", 1, Duration.ZERO));
        move(new SagaInput.OperatorActed("olga", "It is up.", new OperatorAction.Retry()));
        move(done("a", 2));
        move(ReplyArrived.not(Kind.REFUSED, "b", Direction.ACTION, 1, "NO", "No."));
        assertThat(saga.of(definition.step("a").orElseThrow())).isEqualTo(new Progress.Compensating(1, now));
        assertThat(saga.forgiven()).isEmpty();
    }

    @Test
    void a_saga_whose_definition_is_found_waits_on_for_what_it_waited_for() {
        move(new SagaInput.Started());
        Saga waiting = saga;
        saga = ((Decision.Moved) SagaMachine.halt(saga, "STARTED", Stuck.Code.DEFINITION_MISSING, "Gone.")).saga();
        assertThat(SagaMachine.definitionFound(definition, saga, now.plusSeconds(60)))
                .isInstanceOfSatisfying(Decision.Moved.class, moved -> {
                    assertThat(moved.saga()).isEqualTo(waiting);
                    assertThat(moved.commands()).isEmpty();
                    assertThat(moved.wakeUp()).isEqualTo(waiting.dueAt(definition));
                    assertThat(moved.log()).isEqualTo(new LogEntry("STUCK", waiting.stateName(definition), null, null, 0,
                            "DEFINITION_FOUND", "This program has the definition that was missing.", null));
                });
    }

    @Test
    void a_saga_whose_definition_is_found_goes_on_if_it_was_answered_meanwhile() {
        move(new SagaInput.Started());
        saga = ((Decision.Moved) SagaMachine.halt(saga, "STARTED", Stuck.Code.DEFINITION_MISSING, "Gone.")).saga();
        move(done("a"));
        assertThat(saga.phase()).isEqualTo(Phase.STUCK);
        assertThat(SagaMachine.definitionFound(definition, saga, now))
                .isInstanceOfSatisfying(Decision.Moved.class, moved -> {
                    assertThat(moved.saga().phase()).isEqualTo(Phase.FORWARD);
                    assertThat(moved.commands()).extracting(command -> command.step()).containsExactly("b");
                });
    }

    @Test
    void a_saga_that_does_not_lack_its_definition_does_not_go_on_because_of_it() {
        move(new SagaInput.Started());
        assertThat(SagaMachine.definitionFound(definition, saga, now)).isInstanceOf(Decision.Ignored.class);
        saga = ((Decision.Moved) SagaMachine.halt(saga, "STARTED", Stuck.Code.INVARIANT_BROKEN, "Broken.")).saga();
        assertThat(SagaMachine.definitionFound(definition, saga, now)).isInstanceOf(Decision.Ignored.class);
    }

    @Test
    void an_operator_is_told_whether_the_pivot_is_done_or_may_be() {
        move(new SagaInput.Started());
        move(done("a"));
        move(done("b"));
        assertThat(refusal(new OperatorAction.Compensate()))
                .isEqualTo("step 'p' may have happened, and cannot be undone; find out, and resolve it");
        move(done("p"));
        assertThat(refusal(new OperatorAction.Compensate()))
                .isEqualTo("step 'p' is done, and from there the saga only goes forward");
    }

    @Test
    void an_operators_wish_to_undo_is_the_sagas_reason_with_the_step_where_it_was() {
        move(new SagaInput.Started());
        move(done("a"));
        move(failed("b", 1, Duration.ZERO));
        move(new SagaInput.OperatorActed("olga", "Asked by phone.", new OperatorAction.Compensate()));
        assertThat(saga.reason()).isEqualTo(new Reason(Reason.OPERATOR, "b", "An operator cancelled it."));
    }

    @Test
    void a_saga_without_its_definition_is_halted_where_it_is_and_one_that_has_ended_is_left_alone() {
        move(new SagaInput.Started());
        Decision halted = SagaMachine.halt(saga, "STARTED", Stuck.Code.DEFINITION_MISSING, "Gone.");
        assertThat(halted).isInstanceOfSatisfying(Decision.Moved.class, moved -> {
            assertThat(moved.saga().stuck())
                    .isEqualTo(new Stuck(Stuck.Code.DEFINITION_MISSING, "", "Gone.", Phase.FORWARD));
            assertThat(moved.log().detail()).isEqualTo("DEFINITION_MISSING: Gone.");
            assertThat(moved.wakeUp()).isEqualTo(Instant.MAX);
        });
        Saga ended = saga.in(Phase.COMPLETED);
        assertThat(SagaMachine.halt(ended, "COMPLETED", Stuck.Code.DEFINITION_MISSING, "Gone."))
                .isEqualTo(new Decision.Ignored("the saga is COMPLETED"));
    }

    @Test
    void a_saga_in_which_nothing_is_under_way_is_left_to_a_person_who_can_set_it_going_again() {
        for (Phase phase : new Phase[] {Phase.FORWARD, Phase.COMPENSATING}) {
            saga = new Saga(
                    phase, START, Map.of("given", new Progress.Done()), Map.of(), Duration.ZERO, Map.of(), null, null);
            assertThat(saga.dueAt(definition)).isEqualTo(START);
            move(new SagaInput.TimerFired());
            assertThat(saga.stuck()).isNotNull().extracting(Stuck::code).isEqualTo(Stuck.Code.INVARIANT_BROKEN);
            Decision.Moved again =
                    move(new SagaInput.OperatorActed("olga", "Mended.", new OperatorAction.Retry()));
            assertThat(again.commands())
                    .singleElement()
                    .satisfies(command -> assertThat(command.step())
                            .isEqualTo(phase == Phase.FORWARD ? "a" : "given"));
        }
    }

    @Test
    void what_an_action_answered_is_kept_where_its_compensation_needs_it() {
        definition = Sample.parallel(1);
        move(new SagaInput.Started());
        move(done("x").with("{\"text\":\"kept\"}"));
        move(done("y").with("{\"text\":\"of no use\"}"));
        assertThat(saga.captured()).isEqualTo(Map.of("x", "{\"text\":\"kept\"}"));
    }

    @Test
    void a_deadline_is_extended_from_itself_or_from_now_where_it_is_past() {
        move(new SagaInput.Started());
        move(extended(Duration.ofMinutes(5)));
        assertThat(saga.deadline(definition)).isEqualTo(START.plus(Sample.DEADLINE).plusSeconds(300));
        move(extended(Duration.ofSeconds(1)));
        assertThat(saga.deadline(definition)).isEqualTo(START.plus(Sample.DEADLINE).plusSeconds(301));

        now = saga.deadline(definition);
        move(extended(Duration.ofMinutes(1)));
        assertThat(saga.deadline(definition)).isEqualTo(now.plusSeconds(60));
    }

    @Test
    void a_deadline_is_extended_by_a_second_at_least_and_by_the_longest_patience_in_all() {
        move(new SagaInput.Started());
        String bounds = "a deadline is extended by PT1S at least, and by PT720H in all";
        assertThat(refusal(new OperatorAction.Extend(Duration.ofMillis(999)))).isEqualTo(bounds);
        assertThat(refusal(new OperatorAction.Extend(StepPolicy.LONGEST.plusMillis(1)))).isEqualTo(bounds);
        move(extended(StepPolicy.LONGEST));
        assertThat(refusal(new OperatorAction.Extend(Duration.ofSeconds(1)))).isEqualTo(bounds);
    }

    @Test
    void a_deadline_that_does_not_count_is_not_extended() {
        OperatorAction.Extend wished = new OperatorAction.Extend(Duration.ofMinutes(5));
        move(new SagaInput.Started());
        Saga started = saga;
        move(new SagaInput.CancelRequested("ann", "CUSTOMER", "Changed my mind."));
        assertThat(refusal(wished)).isEqualTo("the saga will be undone as soon as what is under way has answered");

        saga = started;
        move(failed("a", 1, Duration.ZERO));
        move(new SagaInput.OperatorActed("olga", "It is up.", new OperatorAction.Retry()));
        assertThat(refusal(wished)).isEqualTo("the saga was retried, and has had no deadline since");

        saga = started;
        move(ReplyArrived.not(Kind.REFUSED, "a", Direction.ACTION, 1, "NO", "No."));
        assertThat(refusal(wished)).isEqualTo("the saga is being undone, and that has no deadline");

        saga = ((Decision.Moved) SagaMachine.halt(started, "STARTED", Stuck.Code.DEFINITION_MISSING, "Gone.")).saga();
        assertThat(refusal(wished)).isEqualTo("the saga is stuck; retry goes on without a deadline");
        assertThat(wished.step()).isNull();
    }

    @Test
    void what_follows_if_all_goes_well_is_foreseen_also_where_a_pause_comes_first() {
        move(new SagaInput.Started());
        assertThat(foreseen()).containsExactly("b", "p", "r");
        move(failed("a", 1, Duration.ofMinutes(1)));
        assertThat(foreseen()).containsExactly("a", "b", "p", "r");
        now = now.plus(Duration.ofMinutes(2));
        assertThat(foreseen()).containsExactly("a", "b", "p", "r");
        assertThat(Foresight.of(definition, saga, now).end().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void what_will_be_undone_if_all_goes_well_is_foreseen() {
        move(new SagaInput.Started());
        move(done("a"));
        move(ReplyArrived.not(Kind.REFUSED, "b", Direction.ACTION, 1, "NO", "No."));
        assertThat(foreseen()).containsExactly("given");
        move(ReplyArrived.not(Kind.FAILED, "a", Direction.COMPENSATION, 1, "DOWN", "Not now."));
        assertThat(foreseen()).containsExactly("a", "given");
        assertThat(Foresight.of(definition, saga, now).end().phase()).isEqualTo(Phase.COMPENSATED);
    }

    @Test
    void what_an_operator_settles_beside_the_step_that_is_stuck_leaves_it_stuck() {
        for (OperatorAction settling :
                new OperatorAction[] {new OperatorAction.Skip("r"), new OperatorAction.Resolve("r", true)}) {
            definition = Sample.parallel(1);
            saga = Saga.unstarted(START);
            move(new SagaInput.Started());
            move(done("x"));
            move(done("y"));
            move(done("p"));
            move(ReplyArrived.not(Kind.REFUSED, "s", Direction.ACTION, 1, "NO", "No."));
            Stuck stuck = saga.stuck();

            Decision.Moved beside = move(new SagaInput.OperatorActed("olga", "Seen to.", settling));

            assertThat(saga.stuck()).isNotNull().isEqualTo(stuck);
            assertThat(beside.wakeUp()).isEqualTo(Instant.MAX);
            move(new SagaInput.OperatorActed("olga", "Done by hand.", new OperatorAction.Resolve("s", true)));
            assertThat(saga.phase()).isEqualTo(Phase.COMPLETED);
        }
    }

    @Test
    void what_an_operator_does_names_its_step_or_none() {
        assertThat(new OperatorAction.Retry().step()).isNull();
        assertThat(new OperatorAction.Compensate().step()).isNull();
    }

    private List<String> foreseen() {
        return Foresight.of(definition, saga, now).later().stream().map(CommandToSend::step).toList();
    }

    private static SagaInput extended(Duration by) {
        return new SagaInput.OperatorActed("olga", "They are slow.", new OperatorAction.Extend(by));
    }

    private Duration pauseWhenAskedFor(Duration asked) {
        saga = Saga.unstarted(START);
        move(new SagaInput.Started());
        move(failed("a", 1, asked));
        Progress.Failed failed = (Progress.Failed) saga.of(definition.step("a").orElseThrow());
        return Duration.between(now, failed.resendAt());
    }

    private Decision.Moved silence() {
        now = now.plus(Sample.TIMEOUT);
        return move(new SagaInput.TimerFired());
    }

    private static ReplyArrived done(String step) {
        return done(step, 1);
    }

    private static ReplyArrived done(String step, int attempt) {
        return ReplyArrived.done(step, Direction.ACTION, attempt);
    }

    private static ReplyArrived failed(String step, int attempt, Duration retryAfter) {
        return new ReplyArrived(
                step, Direction.ACTION, attempt, Kind.FAILED, "DOWN", "Not now.", retryAfter, null);
    }

    private String refusal(OperatorAction action) {
        Decision decision = decide(new SagaInput.OperatorActed("olga", "Asked by phone.", action));
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).why();
    }

    private Decision.Moved move(SagaInput input) {
        Decision decision = decide(input);
        assertThat(decision).as("%s after %s", decision, input).isInstanceOf(Decision.Moved.class);
        Decision.Moved moved = (Decision.Moved) decision;
        saga = moved.saga();
        return moved;
    }

    private Decision decide(SagaInput input) {
        return SagaMachine.decide(definition, saga, input, now, 1);
    }
}

package io.baton.lab.check;

import io.baton.lab.check.SagaDossier.Head;
import io.baton.lab.check.SagaDossier.LogRow;
import io.baton.lab.check.SagaDossier.OutcomeRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** P8 to P12 and P26: each saga's log is a valid history, and agrees with the saga and with its participants. */
final class SagaHistoryPromises implements Promises {

    private final Evidence path = new Evidence("P8", "every history is a valid path");
    private final Evidence fold = new Evidence("P9", "every saga is where its history ends");
    private final Evidence versions = new Evidence("P10", "every change has its own version");
    private final Evidence commands = new Evidence("P11", "one command per step and direction, known to both sides");
    private final Evidence order = new Evidence("P12", "compensations run in reverse");
    private final Evidence records = new Evidence("P26", "a saga's messages stay in order");
    private long sagas;
    private long lines;

    @Override
    public void saga(SagaDossier saga) {
        if (saga.head() == null) {
            path.expect(saga.log().isEmpty(), "there is a history of saga %s but no saga", saga.name());
            for (OutcomeRow outcome : saga.outcomes()) {
                commands.violated(
                        "the %s acted for step %s of saga %s, which does not exist",
                        outcome.service(), outcome.step(), saga.name());
            }
            return;
        }
        sagas++;
        lines += saga.log().size();
        SagaShape shape = SagaShape.of(saga.head().definition());
        path(saga, shape);
        fold(saga, saga.head(), shape);
        if (shape != null) {
            commands(saga, saga.head(), shape);
            compensations(saga, saga.head(), shape);
        }
        positions(saga);
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                path.finding("%,d sagas, %,d lines", sagas, lines),
                fold.finding("%,d sagas", sagas),
                versions.finding("%,d lines", versions.count()),
                commands.finding("%,d commands", commands.count()),
                order.finding("%,d compensations", order.count()),
                records.finding("%,d positions", records.count()));
    }

    private void path(SagaDossier saga, @Nullable SagaShape shape) {
        path.examined();
        String at = null;
        for (LogRow line : saga.log()) {
            path.expect(
                    Objects.equals(line.from(), at),
                    "saga %s: line %d starts from %s but the one before ends at %s",
                    saga.name(), line.seq(), line.from(), at);
            if (shape != null) {
                String wrong = shape.whatIsWrongWith(line);
                path.expect(wrong == null, "saga %s: line %d: %s", saga.name(), line.seq(), wrong);
            }
            at = line.to();
        }
    }

    private void fold(SagaDossier saga, Head head, @Nullable SagaShape shape) {
        int seq = 0;
        for (LogRow line : saga.log()) {
            versions.examined();
            seq++;
            versions.expect(line.seq() == seq, "saga %s: line %d comes where line %d should", saga.name(), line.seq(),
                    seq);
        }
        fold.examined();
        if (saga.log().isEmpty()) {
            fold.violated("saga %s is %s but has no history", saga.name(), head.state());
            return;
        }
        LogRow last = saga.log().getLast();
        fold.expect(
                last.to().equals(head.state()) && last.seq() == head.version(),
                "saga %s is %s in version %d but its history ends with %s at line %d",
                saga.name(), head.state(), head.version(), last.to(), last.seq());
        fold.expect(
                shape == null || shape.agree(head.phase(), head.state()),
                "saga %s is %s but in phase %d",
                saga.name(), head.state(), head.phase());
    }

    private void commands(SagaDossier saga, Head head, SagaShape shape) {
        Map<String, OutcomeRow> remembered = new HashMap<>();
        for (OutcomeRow outcome : saga.outcomes()) {
            commands.examined();
            String key = outcome.step() + "/" + outcome.directionName();
            OutcomeRow other = remembered.put(key, outcome);
            commands.expect(
                    other == null,
                    "saga %s: %s took place at two services",
                    saga.name(), key);
            commands.expect(
                    outcome.service() == shape.serviceOf(outcome.step()),
                    "saga %s: %s took place at the %s",
                    saga.name(), key, outcome.service());
        }
        Set<String> settled = new HashSet<>();
        for (LogRow line : saga.log()) {
            if (line.step() == null || line.direction() == null || !isFinal(line, shape)) {
                continue;
            }
            String key = line.step() + "/" + line.direction();
            commands.expect(
                    settled.add(key),
                    "saga %s: %s was answered for good twice",
                    saga.name(), key);
            OutcomeRow outcome = remembered.get(key);
            commands.expect(
                    outcome != null && agrees(line, outcome),
                    "saga %s: %s was answered %s but its participant remembers %s",
                    saga.name(), key, line.outcome(), status(outcome));
        }
        // An action that took effect is known to the saga once that has ended, or it would not have been undone.
        for (OutcomeRow outcome : saga.outcomes()) {
            boolean undone = settled.contains(outcome.step() + "/COMPENSATION");
            commands.expect(
                    !head.ended() || outcome.direction() != 0 || outcome.status() != OutcomeRow.DONE || undone
                            || settled.contains(outcome.step() + "/ACTION"),
                    "saga %s: %s took effect, but the saga ended without knowing",
                    saga.name(), outcome.step());
        }
    }

    /** Whether no other answer may follow. What has no right to say no is asked again when it does. */
    private static boolean isFinal(LogRow line, SagaShape shape) {
        return line.outcome().equals("DONE")
                || line.outcome().equals("REFUSED")
                        && "ACTION".equals(line.direction())
                        && shape.steps().indexOf(line.step()) <= shape.steps().indexOf(shape.pivot());
    }

    private static boolean agrees(LogRow line, OutcomeRow outcome) {
        return line.outcome().equals("DONE")
                ? outcome.status() == OutcomeRow.DONE
                : outcome.status() == OutcomeRow.REFUSED || outcome.status() == OutcomeRow.TOMBSTONE;
    }

    private static String status(@Nullable OutcomeRow outcome) {
        return outcome == null ? "nothing" : switch (outcome.status()) {
            case OutcomeRow.PENDING -> "that it is pending";
            case OutcomeRow.DONE -> "that it took effect";
            case OutcomeRow.REFUSED -> "a refusal";
            default -> "a tombstone";
        };
    }

    private void compensations(SagaDossier saga, Head head, SagaShape shape) {
        Set<String> done = new HashSet<>(Set.of(shape.givenStep()));
        Set<String> undone = new HashSet<>();
        int last = Integer.MAX_VALUE;
        for (LogRow line : saga.log()) {
            if (line.step() != null && line.isDone("ACTION")) {
                done.add(line.step());
            } else if (line.step() != null && line.isDone("COMPENSATION")) {
                order.examined();
                int index = shape.steps().indexOf(line.step());
                order.expect(index < last, "saga %s: %s was undone after a step before it", saga.name(), line.step());
                order.expect(
                        !done.contains(shape.pivot()),
                        "saga %s: %s was undone after the point of no return",
                        saga.name(), line.step());
                last = index;
                undone.add(line.step());
            } else if (line.step() != null && line.isAnOperators()) {
                // He has seen to the step himself; what he found out cannot be checked here.
                undone.add(line.step());
            }
        }
        if (head.phase() == 3) {
            done.removeAll(undone);
            order.expect(done.isEmpty(), "saga %s is compensated but %s is not undone", saga.name(), done);
        }
    }

    /** All of a saga's messages on a topic have one key, so they stand on one partition in the order they were said. */
    private void positions(SagaDossier saga) {
        Map<String, Long> replies = new HashMap<>();
        Map<String, Long> sent = new HashMap<>();
        for (LogRow line : saga.log()) {
            ascending(saga, line, line.replyPosition(), 1, replies);
            // Two replies may tell of one copy of a command: that it failed, and then that it is done.
            ascending(saga, line, line.commandPosition(), 0, sent);
        }
    }

    private void ascending(
            SagaDossier saga, LogRow line, @Nullable String position, int least, Map<String, Long> last) {
        if (position == null) {
            return;
        }
        records.examined();
        int at = position.lastIndexOf('@');
        String partition = position.substring(0, at);
        long offset = Long.parseLong(position.substring(at + 1));
        Long before = last.put(partition, offset);
        records.expect(
                before == null || before + least <= offset,
                "saga %s: line %d was caused by %s, after one that stands behind it at %d",
                saga.name(), line.seq(), position, before == null ? 0 : before);
    }
}

package io.baton.lab.check;

import io.baton.lab.check.SagaDossier.LogRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** P29: what the run has shown at all. */
final class Coverage implements Promises {

    private final Evidence evidence = new Evidence("P29", "the run shows completion and compensation");
    private final Map<String, Long> seen = new LinkedHashMap<>();

    Coverage() {
        for (String kind : List.of(
                "completed", "compensated", "refused by payment", "refused by inventory", "refused by delivery",
                "undone payment", "undone inventory", "undone order", "undone when completed", "kept when completed",
                "sent again", "failed", "stuck")) {
            seen.put(kind, 0L);
        }
    }

    @Override
    public void saga(SagaDossier saga) {
        if (saga.head() == null) {
            return;
        }
        boolean cancellation = saga.head().definition().equals(SagaShape.CANCELLATION.definition());
        switch (saga.head().phase()) {
            case 2 -> see(cancellation ? "undone when completed" : "completed");
            case 3 -> see(cancellation ? "kept when completed" : "compensated");
            default -> {}
        }
        for (LogRow line : saga.log()) {
            if (line.isDone("COMPENSATION") && !cancellation) {
                see("undone " + line.step());
            }
            if (line.to().equals("STUCK")) {
                see("stuck");
            }
            switch (line.outcome()) {
                case "REFUSED" -> see((cancellation ? "undoing refused by " : "refused by ") + line.step());
                case "TIMEOUT", "RETRY" -> see("sent again");
                case "FAILED" -> see("failed");
                default -> {}
            }
        }
    }

    /** How many sagas have ended, whatever they are about. */
    long ended() {
        return count("completed") + count("compensated") + count("undone when completed")
                + count("kept when completed");
    }

    @Override
    public List<Finding> findings() {
        List<String> counts = new ArrayList<>();
        List<String> never = new ArrayList<>();
        seen.forEach((kind, count) -> {
            if (count > 0) {
                counts.add(String.format(java.util.Locale.ROOT, "%s %,d", kind, count));
            } else {
                never.add(kind);
            }
        });
        if (count("completed") > 0 && count("compensated") > 0) {
            evidence.examined();
        }
        return List.of(evidence.finding("%s", String.join(", ", counts)
                + (never.isEmpty() ? "" : (counts.isEmpty() ? "" : "; ") + "never seen: " + String.join(", ", never))));
    }

    private void see(String kind) {
        seen.merge(kind, 1L, Long::sum);
    }

    private long count(String kind) {
        return seen.getOrDefault(kind, 0L);
    }
}

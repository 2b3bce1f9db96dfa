package io.baton.lab.check;

import io.baton.lab.check.SagaDossier.LogRow;
import io.baton.lab.check.StackDescription.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the order's saga may do: written down once more, independently of the machine that does it. */
final class Fulfilment {

    static final String DEFINITION = "order-fulfilment";

    /** In the order in which they are done. */
    static final List<String> STEPS = List.of("order", "payment", "inventory", "delivery", "completion");

    /** It is done by the time the saga starts. */
    static final String GIVEN_STEP = "order";

    static final String PIVOT = "delivery";

    /** The state that is reached once the step of the same place is done. */
    private static final List<String> STATES =
            List.of("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "DELIVERY_SCHEDULED", "COMPLETED");

    private Fulfilment() {}

    static Service serviceOf(String step) {
        return switch (step) {
            case "payment" -> Service.PAYMENT;
            case "inventory" -> Service.INVENTORY;
            case "delivery" -> Service.DELIVERY;
            default -> Service.ORDER;
        };
    }

    /** Whether a saga in this phase may be shown in this state. */
    static boolean agree(int phase, String state) {
        return switch (phase) {
            case 0 -> STATES.contains(state) && !state.equals("COMPLETED");
            case 1 -> state.equals("COMPENSATING");
            case 2 -> state.equals("COMPLETED");
            case 3 -> state.equals("COMPENSATED");
            case 4 -> state.equals("STUCK");
            default -> false;
        };
    }

    /** Why the change must not be; null if it may. */
    static @Nullable String whatIsWrongWith(LogRow line) {
        String from = line.from();
        String to = line.to();
        int target = STATES.indexOf(to);
        if (target < 0 && !List.of("COMPENSATING", "COMPENSATED", "STUCK").contains(to)) {
            return "there is no state " + to;
        }
        if (from == null) {
            return to.equals("STARTED") ? null : "a saga starts with STARTED, not with " + to;
        }
        return switch (from) {
            case "COMPLETED", "COMPENSATED" -> from + " is final but is followed by " + to;
            case "COMPENSATING" -> target < 0 ? null : "COMPENSATING is followed by " + to;
            // What follows depends on the phase in which it got stuck; its end and its effects are checked anyway.
            case "STUCK" -> null;
            default -> whatIsWrongForward(line, from, to, target);
        };
    }

    private static @Nullable String whatIsWrongForward(LogRow line, String from, String to, int target) {
        int source = STATES.indexOf(from);
        if (source < 0) {
            return "there is no state " + from;
        }
        if (to.equals("STUCK") || target == source) {
            return null;
        }
        if (to.equals("COMPENSATING")) {
            return source < STEPS.indexOf(PIVOT) ? null : "the point of no return is passed, but it is undone";
        }
        if (target != source + 1) {
            return from + " is followed by " + to;
        }
        return STEPS.get(target).equals(line.step()) && line.isDone("ACTION")
                ? null
                : to + " is reached without an answer that step " + STEPS.get(target) + " is done";
    }
}

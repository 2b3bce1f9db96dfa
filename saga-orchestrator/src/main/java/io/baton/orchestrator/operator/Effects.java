package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaPreviews.Planned;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.saga.OperatorAction;
import java.util.List;
import java.util.stream.Collectors;

/** Says in words what an operator's deed does. */
final class Effects {

    private Effects() {}

    /** One sentence, as "Sends RefundPayment to payment, then ReleaseStock to inventory; the saga ends as COMPENSATED." */
    static String of(Deed deed, Preview preview) {
        return switch (preview) {
            case Preview.Refused(String why) -> "Nothing: " + why + ".";
            case Preview.Granted granted -> switch (deed) {
                case Deed.Aside aside -> aside.effect();
                case Deed.Move(OperatorAction action) -> of(action, granted);
            };
        };
    }

    private static String of(OperatorAction action, Preview.Granted granted) {
        String first = action instanceof OperatorAction.Extend(var by)
                ? "Gives the saga " + by + " more to reach its point of no return, and sends nothing"
                : granted.sends().isEmpty() ? "Sends nothing now" : "Sends " + commands(granted.sends());
        String then = granted.later().isEmpty() ? "" : ", then if all goes well " + commands(granted.later());
        String end = granted.end().equals(granted.to()) && granted.later().isEmpty() && granted.sends().isEmpty()
                ? "; the saga is " + granted.end() + "."
                : "; if all goes well the saga ends as " + granted.end() + ".";
        String second = granted.needsSecondPerson() ? " It takes a second person." : "";
        return first + then + end + second;
    }

    private static String commands(List<Planned> commands) {
        return commands.stream()
                .map(planned -> planned.command() + " to " + planned.participant())
                .collect(Collectors.joining(", then "));
    }
}

package io.baton.orchestrator.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.orchestrator.demo.DemoFaults.Running;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** What can be made to go wrong, and what does right now. */
@WebEndpoint(id = "demofaults")
class DemoFaultsEndpoint {

    private static final String NONE = "none";

    private final DemoFaults faults;

    DemoFaultsEndpoint(DemoFaults faults) {
        this.faults = faults;
    }

    /** A fault that can be asked for by its name. */
    record FaultView(String name, String title, String does) {}

    /**
     * What there is to choose from.
     *
     * @param active the title of the fault that is on; null if none is
     * @param until when it ends
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FaultsView(List<FaultView> faults, @Nullable String active, @Nullable Instant until) {}

    @ReadOperation
    FaultsView faults() {
        Running running = faults.running();
        return new FaultsView(
                Arrays.stream(DemoFault.values())
                        .map(fault -> new FaultView(name(fault), fault.title, fault.does))
                        .toList(),
                running == null ? null : running.fault().title,
                running == null ? null : running.until());
    }

    /**
     * Begins a fault for a minute, or ends what is on.
     *
     * @param fault a fault's name, or {@code none}
     * @throws ProblemException if there is no such fault, or the simulator does not answer
     */
    @WriteOperation
    FaultsView begin(String fault) {
        if (fault.equals(NONE)) {
            faults.heal();
        } else {
            faults.begin(Arrays.stream(DemoFault.values())
                    .filter(known -> name(known).equals(fault))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.invalid(List.of(Violation.ofRequest("INVALID_PARAMETER",
                            "Expected one of down, slow, flaky, lost_answers and none in the member fault.")))));
        }
        return faults();
    }

    private static String name(DemoFault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}

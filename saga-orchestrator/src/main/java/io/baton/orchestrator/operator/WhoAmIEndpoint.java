package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** Who asks, and what he may do: {@code GET /actuator/whoami}. */
@Component
@WebEndpoint(id = "whoami")
class WhoAmIEndpoint {

    private final WriteAccess access;

    WhoAmIEndpoint(WriteAccess access) {
        this.access = access;
    }

    /**
     * The one who asks.
     *
     * @param user null if he did not say
     * @param canAct whether actions would be tried; each of them may still be refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Caller(@Nullable String user, List<String> roles, boolean canAct, @Nullable String whyNot) {}

    @ReadOperation
    Caller caller(SecurityContext caller) {
        RequestMembers.requireOnly(Set.of());
        List<String> roles = new ArrayList<>();
        if (caller.isUserInRole("VIEWER")) {
            roles.add("viewer");
        }
        if (caller.isUserInRole("OPERATOR")) {
            roles.add("operator");
        }
        String whyNot = whyNot(roles);
        return new Caller(
                caller.getPrincipal() == null ? null : caller.getPrincipal().getName(), roles, whyNot == null, whyNot);
    }

    private @Nullable String whyNot(List<String> roles) {
        String whyNot = access.whyNot();
        if (whyNot != null) {
            return whyNot;
        }
        return roles.contains("operator") ? null : "Only the role operator may act.";
    }
}

package io.baton.orchestrator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;

class WhoAmIEndpointTest {

    private static final SecurityContext OPERATOR = new SecurityContext() {

        @Override
        public Principal getPrincipal() {
            return () -> "olga";
        }

        @Override
        public boolean isUserInRole(String role) {
            return true;
        }
    };

    @ParameterizedTest
    @EnumSource
    void an_operator_may_act_where_acting_is_permitted_by_whatever_setting(Access access) {
        WhoAmIEndpoint.Caller caller = new WhoAmIEndpoint(new WriteAccess((endpoint, otherwise) -> access)).caller(OPERATOR);

        assertThat(caller.canAct()).isEqualTo(access == Access.UNRESTRICTED);
        assertThat(caller.whyNot() == null).isEqualTo(caller.canAct());
    }
}

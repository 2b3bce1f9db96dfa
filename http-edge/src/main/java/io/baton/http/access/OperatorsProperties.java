package io.baton.http.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Several people by name, each with a role of their own: what two pairs of eyes need. */
@ConfigurationProperties("baton.operators")
record OperatorsProperties(@DefaultValue List<User> users) {

    /**
     * @param name as it stands in the audit; not blank, no colon
     * @param password as {@link OperatorProperties}'
     * @param role {@code viewer} or {@code operator}
     */
    record User(@Nullable String name, @Nullable String password, @DefaultValue("operator") String role) {

        @Override
        public String toString() {
            return "User[name=" + name + ", role=" + role + "]";
        }
    }
}

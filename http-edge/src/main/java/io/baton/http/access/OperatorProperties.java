package io.baton.http.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The one operator of a small deployment; {@link OperatorsProperties} holds more. There is no default.
 *
 * @param user not blank, no colon (HTTP Basic could not carry it)
 * @param password at least 12 characters and none that stands in every example, or a bcrypt hash
 */
@ConfigurationProperties("baton.operator")
record OperatorProperties(@Nullable String user, @Nullable String password) {

    boolean isSet() {
        return user != null || password != null;
    }

    @Override
    public String toString() {
        return "OperatorProperties[user=" + user + "]";
    }
}

package io.baton.http.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everybody who runs this system and proves it by HTTP Basic. */
final class KnownOperators {

    private final Map<String, KnownOperator> byName;

    private KnownOperators(Map<String, KnownOperator> byName) {
        this.byName = byName;
    }

    /**
     * @param demo whether the demonstration's passwords are allowed
     * @throws UnfitSettingException if a name, a password or a role cannot be used, or a name stands there twice
     */
    static KnownOperators of(OperatorProperties one, OperatorsProperties several, boolean demo) {
        Map<String, KnownOperator> byName = new HashMap<>();
        if (one.isSet()) {
            add(byName, KnownOperator.of(
                    one.user(), "baton.operator.user", one.password(), "baton.operator.password", Role.OPERATOR, demo));
        }
        List<OperatorsProperties.User> users = several.users();
        for (int i = 0; i < users.size(); i++) {
            OperatorsProperties.User user = users.get(i);
            String setting = "baton.operators.users[" + i + "]";
            add(byName, KnownOperator.of(
                    user.name(), setting + ".name", user.password(), setting + ".password",
                    role(user.role(), setting + ".role"), demo));
        }
        return new KnownOperators(byName);
    }

    private static void add(Map<String, KnownOperator> byName, KnownOperator operator) {
        if (byName.putIfAbsent(operator.name(), operator) != null) {
            throw new UnfitSettingException(
                    "Two operators have the same name.", "Give each of baton.operators.users a name of its own.");
        }
    }

    private static Role role(String word, String setting) {
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new UnfitSettingException("An operator's role is unknown.", "Set " + setting + " to viewer or operator.");
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Null if name or password is wrong. As slow for an unknown name as for a known one. */
    @Nullable KnownOperator find(String name, String password) {
        KnownOperator known = byName.get(name);
        if (known == null) {
            byName.values().stream().findFirst().ifPresent(someone -> someone.hasPassword(password + "\u0000"));
            return null;
        }
        return known.hasPassword(password) ? known : null;
    }
}

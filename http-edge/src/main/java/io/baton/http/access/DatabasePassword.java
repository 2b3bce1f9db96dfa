package io.baton.http.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Refuses database passwords that everybody knows, before anything connects with them. */
final class DatabasePassword implements BeanFactoryPostProcessor {

    private final Environment environment;

    DatabasePassword(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (!environment.containsProperty("spring.datasource.url")) {
            return;
        }
        boolean demo = environment.acceptsProfiles(Profiles.of(AccessProperties.DEMO));
        check("The database password ", "spring.datasource.password",
                environment.getProperty("spring.datasource.password"), environment.getProperty("spring.datasource.username"),
                demo);
        if (environment.containsProperty("spring.flyway.user")) {
            check("The password of the database's owner ", "spring.flyway.password",
                    environment.getProperty("spring.flyway.password"), environment.getProperty("spring.flyway.user"), demo);
        }
    }

    private static void check(
            String subject, String setting, @Nullable String password, @Nullable String user, boolean demo) {
        String trouble = Secrets.trouble(password, demo);
        if (trouble == null && user != null && user.equalsIgnoreCase(password)) {
            trouble = "is the role's name.";
        }
        if (trouble != null) {
            throw new UnfitSettingException(subject + trouble, "Set " + setting + " (environment variable "
                    + setting.replace('.', '_').toUpperCase(Locale.ROOT) + ") to at least " + Secrets.SHORTEST
                    + " characters that nobody can guess.");
        }
    }
}

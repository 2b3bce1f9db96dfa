package io.baton.http.access;

import io.baton.http.ProblemWriter;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Reads who may come in, refuses to start where that is unsafe, and guards both ports with one filter chain. */
@AutoConfiguration(
        before = {
            UserDetailsServiceAutoConfiguration.class,
            ServletWebSecurityAutoConfiguration.class,
            ManagementWebSecurityAutoConfiguration.class,
            OAuth2ResourceServerWebSecurityAutoConfiguration.class
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({
    AccessProperties.class, OperatorProperties.class, OperatorsProperties.class, LimitProperties.class
})
class AccessAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AccessAutoConfiguration.class);

    /** Inside of the edge's own filter, whose headers every answer has; outside of the security filters. */
    private static final int CROWD_ORDER = -150;

    @Bean
    static BeanFactoryPostProcessor databasePassword(Environment environment) {
        return new DatabasePassword(environment);
    }

    @Bean
    KnownOperators knownOperators(
            OperatorProperties one, OperatorsProperties several, AccessProperties access, Environment environment) {
        KnownOperators operators = KnownOperators.of(one, several, isDemo(environment));
        if (operators.isEmpty() && access.jwt() == null) {
            throw new UnfitSettingException(
                    "Nobody could operate this service: the operator's user name and password are missing.",
                    "Set baton.operator.user and baton.operator.password (environment variables BATON_OPERATOR_USER and"
                            + " BATON_OPERATOR_PASSWORD), or baton.operators.users for several, or baton.security.jwt.");
        }
        return operators;
    }

    @Bean
    AuthenticationProvider operatorAuthentication(KnownOperators operators, WrongCredentialsMeter meter) {
        return new OperatorAuthentication(operators, new WrongCredentials(TimeMeter.SYSTEM_NANOTIME), meter);
    }

    @Bean
    WrongCredentialsMeter wrongCredentialsMeter(ObjectProvider<MeterRegistry> registry) {
        return new WrongCredentialsMeter(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    SecurityFilterChain edgeSecurity(
            HttpSecurity http,
            ObjectProvider<Opening> openings,
            KnownOperators operators,
            AccessProperties access,
            LimitProperties limits,
            ProblemWriter problems,
            WrongCredentialsMeter meter,
            Environment environment) {
        boolean demo = isDemo(environment);
        List<Opening> opened = openings.orderedStream().toList();
        boolean everybodyIsCustomer = everybodyIsCustomer(access, opened, demo);
        int rate = limits.rate(demo);
        return new AccessRules(access.checked(demo), opened, everybodyIsCustomer, operators, problems, meter)
                .apply(http, rate == 0 ? null : new RateLimitFilter(
                        new Buckets(limits.burst(rate), rate, Duration.ofSeconds(1),
                                TimeMeter.SYSTEM_NANOTIME),
                        problems));
    }

    @Bean
    FilterRegistrationBean<CrowdFilter> crowdFilter(LimitProperties limits, ProblemWriter problems) {
        FilterRegistrationBean<CrowdFilter> registration =
                new FilterRegistrationBean<>(new CrowdFilter(limits.atOnce(), problems));
        registration.setOrder(CROWD_ORDER);
        return registration;
    }

    private static boolean everybodyIsCustomer(AccessProperties access, List<Opening> opened, boolean demo) {
        boolean hasCustomers = opened.stream().anyMatch(opening -> opening.to() == Opening.To.CUSTOMERS);
        if (access.jwt() != null) {
            return false;
        }
        if (demo) {
            log.warn("This is a demonstration: whoever comes is taken for a customer.");
            return true;
        }
        if (hasCustomers) {
            throw new UnfitSettingException(
                    "This service has customers and cannot tell who they are.",
                    "Set baton.security.jwt.issuer, .audience and, unless the issuer is to be asked for its keys,"
                            + " .public-key or .jwk-set-uri (environment variables BATON_SECURITY_JWT_ISSUER,"
                            + " BATON_SECURITY_JWT_AUDIENCE, BATON_SECURITY_JWT_PUBLICKEY, BATON_SECURITY_JWT_JWKSETURI)."
                            + " For a demonstration, where everybody may be every customer, run with"
                            + " SPRING_PROFILES_ACTIVE=demo.");
        }
        return false;
    }

    private static boolean isDemo(Environment environment) {
        return environment.acceptsProfiles(Profiles.of(AccessProperties.DEMO));
    }

    /** A span for each security filter of each request would cost more than the filters do and tell nobody anything. */
    @Bean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    RequestRejectedHandler rejectedRequests(ProblemWriter problems) {
        return (request, response, rejection) ->
                problems.write(AccessRules.rejected(request), request, response);
    }

    @Bean
    WebMvcConfigurer callerArgument() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }
        };
    }
}

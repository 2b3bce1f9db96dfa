package io.baton.http.operator;

import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * One filter chain for the main port and the management port. Everybody may read; the operator may do everything; of
 * the management endpoints everybody may read only those that show nothing of the configuration.
 */
@AutoConfiguration(
        before = {
            UserDetailsServiceAutoConfiguration.class,
            ServletWebSecurityAutoConfiguration.class,
            ManagementWebSecurityAutoConfiguration.class
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(OperatorProperties.class)
class OperatorAutoConfiguration {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    /** Readable by everybody: they hold neither settings nor secrets. */
    private static final String[] PUBLIC_ENDPOINTS = {"health", "info", "prometheus", "sagas"};

    @Bean
    AuthenticationProvider operatorAuthentication(OperatorProperties properties) {
        return new OperatorAuthentication(properties);
    }

    @Bean
    SecurityFilterChain edgeSecurity(
            HttpSecurity http, ObjectProvider<PublicWrite> publicWrites, ProblemWriter problems) {
        AuthenticationEntryPoint unknown = (request, response, failure) -> problems.write(
                new ProblemException(ProblemType.CREDENTIALS_REQUIRED, "Send the operator's credentials by HTTP Basic.")
                        .with("WWW-Authenticate", "Basic realm=\"baton\", charset=\"UTF-8\""),
                request, response);
        AccessDeniedHandler denied = (request, response, failure) -> problems.write(
                new ProblemException(ProblemType.FORBIDDEN, "These credentials do not allow this."), request, response);
        RequestMatcher read = request -> READS.contains(request.getMethod());
        return http.authorizeHttpRequests(rules -> {
                    // What a request may do was decided when it came in.
                    rules.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                            .permitAll();
                    rules.requestMatchers(request -> !READS.contains(request.getMethod()) && isFromAnotherSite(request))
                            .denyAll();
                    rules.requestMatchers(new AndRequestMatcher(read, new OrRequestMatcher(
                                    EndpointRequest.to(PUBLIC_ENDPOINTS), EndpointRequest.toLinks())))
                            .permitAll();
                    rules.requestMatchers(EndpointRequest.toAnyEndpoint()).hasRole(OperatorAuthentication.ROLE);
                    rules.requestMatchers(read).permitAll();
                    publicWrites.orderedStream().forEach(write -> rules.requestMatchers(matcher(write)).permitAll());
                    rules.anyRequest().hasRole(OperatorAuthentication.ROLE);
                })
                .httpBasic(basic -> basic.authenticationEntryPoint(unknown))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                // There are no sessions and no cookies that a token could protect. What a browser adds by itself are
                // remembered credentials; the rule on writes from other sites above is against their abuse.
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                // Every answer has its security headers from this module's outermost filter.
                .headers(AbstractHttpConfigurer::disable)
                .build();
    }

    /** A span for each security filter of each request would cost more than the filters do and tell nobody anything. */
    @Bean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    RequestRejectedHandler rejectedRequests(ProblemWriter problems) {
        return (request, response, rejection) -> problems.write(rejected(request), request, response);
    }

    private static ProblemException rejected(HttpServletRequest request) {
        return METHODS.contains(request.getMethod())
                ? ProblemException.malformedRequest()
                : new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This method is not allowed anywhere here.");
    }

    /** Browsers say where a request comes from, and no page can forge it; other clients do not have the header. */
    private static boolean isFromAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static RequestMatcher matcher(PublicWrite write) {
        return PathPatternRequestMatcher.withDefaults().matcher(write.method(), write.path());
    }
}

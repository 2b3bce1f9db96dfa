package io.baton.http.access;

import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The rules of both ports. Of the management endpoints, viewers read and operators do everything; Boot's own, which tell
 * of the inside, are the operators' even where somebody exposes them. On the main port the same holds for whatever has
 * no {@link Opening}; a demonstration lets everybody read there.
 */
final class AccessRules {

    private static final Logger log = LoggerFactory.getLogger(AccessRules.class);

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    /** Answers nobody who is anonymous. */
    private static final String SIGN_IN = "signin";

    /** Boot's endpoints that show settings, memory or what others ask. */
    private static final String[] INSIDE = {
        "auditevents", "beans", "caches", "conditions", "configprops", "env", "flyway", "heapdump", "httpexchanges",
        "integrationgraph", "liquibase", "logfile", "loggers", "mappings", "metrics", "quartz", "sbom",
        "scheduledtasks", "sessions", "shutdown", "startup", "threaddump"
    };

    private static final String BASIC = "Basic realm=\"baton\", charset=\"UTF-8\"";

    private static final RequestMatcher READ = request -> READS.contains(request.getMethod());

    private final AccessProperties access;
    private final List<Opening> openings;
    private final boolean everybodyIsCustomer;
    private final boolean hasBasic;
    private final ProblemWriter problems;
    private final WrongCredentialsMeter meter;

    AccessRules(
            AccessProperties access,
            List<Opening> openings,
            boolean everybodyIsCustomer,
            KnownOperators operators,
            ProblemWriter problems,
            WrongCredentialsMeter meter) {
        this.access = access;
        this.openings = openings;
        this.everybodyIsCustomer = everybodyIsCustomer;
        this.hasBasic = !operators.isEmpty();
        this.problems = problems;
        this.meter = meter;
    }

    SecurityFilterChain apply(HttpSecurity http, @Nullable RateLimitFilter limit) {
        AuthenticationEntryPoint unknown = this::unknown;
        AccessDeniedHandler denied = this::denied;
        http.authorizeHttpRequests(this::rules)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                // There are no sessions and no cookies that a token could protect. What a browser adds by itself are
                // remembered credentials; the rule on writes from other sites is against their abuse.
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                // Every answer has its security headers from this module's outermost filter.
                .headers(AbstractHttpConfigurer::disable);
        if (hasBasic) {
            http.httpBasic(basic -> basic.authenticationEntryPoint(unknown));
        }
        if (access.jwt() != null) {
            acceptTokens(http, access.jwt(), unknown, denied);
        }
        if (access.anonymousViewer()) {
            http.anonymous(anonymous -> anonymous.authorities("ROLE_ANONYMOUS", "ROLE_VIEWER"));
        }
        if (limit != null) {
            http.addFilterBefore(limit, AuthorizationFilter.class);
        }
        return http.build();
    }

    private void rules(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry rules) {
        // What a request may do was decided when it came in.
        rules.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD).permitAll();
        rules.requestMatchers(request -> !READ.matches(request) && isFromAnotherSite(request)).denyAll();
        if (!access.openEndpoints().isEmpty()) {
            rules.requestMatchers(reading(EndpointRequest.to(access.openEndpoints().toArray(String[]::new)))).permitAll();
        }
        rules.requestMatchers(EndpointRequest.to(INSIDE)).hasRole(Role.OPERATOR.name());
        // Where viewers are anonymous, this is how a browser comes to ask for credentials.
        rules.requestMatchers(EndpointRequest.to(SIGN_IN))
                .access(AuthorizationManagers.allOf(
                        AuthenticatedAuthorizationManager.authenticated(),
                        AuthorityAuthorizationManager.hasRole(Role.VIEWER.name())));
        rules.requestMatchers(reading(EndpointRequest.toAnyEndpoint())).hasRole(Role.VIEWER.name());
        rules.requestMatchers(EndpointRequest.toAnyEndpoint()).hasRole(Role.OPERATOR.name());
        rules.requestMatchers(HttpMethod.GET, "/livez", "/readyz").permitAll();
        for (Opening opening : openings) {
            RequestMatcher path = PathPatternRequestMatcher.withDefaults().matcher(opening.method(), opening.path());
            if (everybodyIsCustomer || opening.to() == Opening.To.EVERYBODY) {
                rules.requestMatchers(path).permitAll();
            } else if (READS.contains(opening.method().name())) {
                rules.requestMatchers(path).hasAnyRole(Role.CUSTOMER.name(), Role.VIEWER.name());
            } else {
                rules.requestMatchers(path).hasAnyRole(Role.CUSTOMER.name(), Role.OPERATOR.name());
            }
        }
        if (everybodyIsCustomer) {
            rules.requestMatchers(READ).permitAll();
        }
        rules.requestMatchers(READ).hasRole(Role.VIEWER.name());
        rules.anyRequest().hasRole(Role.OPERATOR.name());
    }

    private static RequestMatcher reading(RequestMatcher what) {
        return new AndRequestMatcher(READ, what);
    }

    private void acceptTokens(
            HttpSecurity http, AccessProperties.Jwt settings, AuthenticationEntryPoint unknown, AccessDeniedHandler denied) {
        JwtDecoder decoder = Tokens.decoder(settings);
        JwtAuthenticationConverter people = new JwtAuthenticationConverter();
        people.setPrincipalClaimName(settings.nameClaim());
        people.setJwtGrantedAuthoritiesConverter(new TokenRoles(settings.rolesClaim()));
        http.oauth2ResourceServer(tokens -> tokens
                .jwt(jwt -> jwt.decoder(decoder).jwtAuthenticationConverter(people))
                .authenticationEntryPoint(unknown)
                .accessDeniedHandler(denied)
                .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                    @Override
                    public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
                        // Its own would end a request with 500 when the issuer cannot be asked.
                        filter.setAuthenticationFailureHandler(unknown::commence);
                        return filter;
                    }
                }));
    }

    private void unknown(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof InvalidBearerTokenException) {
            log.info("Wrong token from {}: {}", request.getRemoteAddr(), failure.getMessage());
            meter.token(failure);
        }
        problems.write(explain(failure), request, response);
    }

    private ProblemException explain(AuthenticationException failure) {
        if (failure instanceof TooManyAttemptsException tooMany) {
            return RateLimitFilter.tooMany("There were too many wrong credentials; wait as Retry-After says.",
                    tooMany.waitFor());
        }
        if (failure instanceof AuthenticationServiceException) {
            log.warn("Tokens cannot be checked: {}", failure.getMessage());
            return ProblemException.unavailable("The issuer of tokens cannot be asked right now.", Duration.ofSeconds(5));
        }
        boolean hasTokens = access.jwt() != null;
        String detail = hasTokens
                ? hasBasic ? "Send a valid token, or an operator's credentials by HTTP Basic." : "Send a valid token."
                : "Send the operator's credentials by HTTP Basic.";
        return new ProblemException(ProblemType.CREDENTIALS_REQUIRED, detail)
                .with("WWW-Authenticate", hasTokens ? hasBasic ? "Bearer, " + BASIC : "Bearer" : BASIC);
    }

    private void denied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
            throws IOException {
        log.info("{} may not {} {}", request.getRemoteUser(), request.getMethod(), request.getRequestURI());
        problems.write(new ProblemException(ProblemType.FORBIDDEN, "These credentials do not allow this."), request,
                response);
    }

    static ProblemException rejected(HttpServletRequest request) {
        return METHODS.contains(request.getMethod())
                ? ProblemException.malformedRequest()
                : new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This method is not allowed anywhere here.");
    }

    /** Browsers say where a request comes from, and no page can forge it; other clients do not have the header. */
    private static boolean isFromAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }
}

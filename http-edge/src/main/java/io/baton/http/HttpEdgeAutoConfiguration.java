package io.baton.http;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a service on the main port gets by depending on this module. {@link HttpEdgeManagementConfiguration} is its
 * twin.
 */
@AutoConfiguration(
        before = ErrorMvcAutoConfiguration.class,
        after = {JacksonAutoConfiguration.class, JdbcClientAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import({ProblemAdvice.class, StrictJson.class})
class HttpEdgeAutoConfiguration {

    @Bean
    ProblemWriter problemWriter(JsonMapper mapper) {
        return new ProblemWriter(mapper);
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(ProblemWriter writer, ObjectProvider<PageHeaders> pages) {
        return EdgeServer.filter(writer, pages.orderedStream().toList());
    }

    @Bean
    ServletRegistrationBean<ErrorPage> problemErrorPage(ProblemWriter writer) {
        return EdgeServer.errorPage(writer);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemTomcat() {
        return new EdgeServer();
    }

    @Bean
    WebMvcConfigurer headerArguments() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new HeaderArgumentResolver());
            }
        };
    }

    @Bean
    @ConditionalOnBean(JdbcClient.class)
    IdempotencyKeys idempotencyKeys(JdbcClient jdbc, JsonMapper mapper) {
        return new IdempotencyKeys(jdbc, mapper);
    }
}

package io.baton.http;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * The same for a management port of its own, whose context does not see the main one's filters and error page. Problems
 * of endpoints come from the advice in the main context, which Boot consults, as it does the security filters.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class HttpEdgeManagementConfiguration {

    @Bean
    FilterRegistrationBean<EdgeFilter> managementEdgeFilter(ProblemWriter writer, ObjectProvider<PageHeaders> pages) {
        return EdgeServer.filter(writer, pages.orderedStream().toList());
    }

    @Bean
    ServletRegistrationBean<ErrorPage> managementProblemErrorPage(ProblemWriter writer) {
        return EdgeServer.errorPage(writer);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementProblemTomcat() {
        return new EdgeServer();
    }
}

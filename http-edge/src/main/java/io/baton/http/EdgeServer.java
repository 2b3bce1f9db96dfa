package io.baton.http;

import java.util.List;
import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.core.Ordered;

/** What both of a service's web servers have: one filter, one error page, Tomcat's own errors as problems. */
final class EdgeServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    /** Inside of the observation, which knows the trace; outside of the security filters, whose order is -100. */
    private static final int FILTER_ORDER = -200;

    static FilterRegistrationBean<EdgeFilter> filter(ProblemWriter writer, List<PageHeaders> pages) {
        FilterRegistrationBean<EdgeFilter> registration = new FilterRegistrationBean<>(new EdgeFilter(writer, pages));
        registration.setOrder(FILTER_ORDER);
        return registration;
    }

    static ServletRegistrationBean<ErrorPage> errorPage(ProblemWriter writer) {
        return new ServletRegistrationBean<>(new ErrorPage(writer), ErrorPage.PATH);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setErrorPages(Set.of(new org.springframework.boot.web.error.ErrorPage(ErrorPage.PATH)));
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
        });
        factory.addConnectorCustomizers(connector -> {
            connector.setMaxPostSize(LimitedBody.MAX_BYTES);
            connector.setXpoweredBy(false);
        });
    }

    /** Last, so that no other error page remains. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}

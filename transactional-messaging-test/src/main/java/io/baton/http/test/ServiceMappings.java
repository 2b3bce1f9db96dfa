package io.baton.http.test;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every request that a running service has something for, on both of its ports. */
final class ServiceMappings {

    /** @param path with its variables in braces */
    record Mapping(boolean management, String method, String path) implements Comparable<Mapping> {

        String port() {
            return management ? "management" : "main";
        }

        @Override
        public int compareTo(Mapping other) {
            return (port() + " " + path + " " + method).compareTo(other.port() + " " + other.path + " " + other.method);
        }
    }

    private ServiceMappings() {}

    static Set<Mapping> of(ApplicationContext context) {
        Set<Mapping> found = new TreeSet<>();
        found.add(new Mapping(false, "GET", "/livez"));
        found.add(new Mapping(false, "GET", "/readyz"));
        context.getBeansOfType(RequestMappingHandlerMapping.class).values().forEach(
                mapping -> mapping.getHandlerMethods().keySet().forEach(request -> request.getPatternValues().forEach(
                        path -> request.getMethodsCondition().getMethods().forEach(
                                method -> found.add(new Mapping(false, method.name(), path))))));
        found.add(new Mapping(true, "GET", "/actuator"));
        context.getBean(WebEndpointsSupplier.class).getEndpoints().forEach(
                endpoint -> endpoint.getOperations().forEach(operation -> found.add(new Mapping(
                        true,
                        operation.getRequestPredicate().getHttpMethod().name(),
                        "/actuator/" + operation.getRequestPredicate().getPath()))));
        return found;
    }
}

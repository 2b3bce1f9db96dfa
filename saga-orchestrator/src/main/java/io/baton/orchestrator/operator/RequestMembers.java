package io.baton.orchestrator.operator;

import io.baton.http.ProblemException;
import io.baton.http.Violation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads the bodies of endpoints' requests, whose operations take text only: a number or a flag becomes its text. And
 * refuses what an endpoint does not know. Actuator leaves out parameters that no operation has, so a misspelt filter
 * would mean more sagas than somebody wanted, and a misspelt {@code dryRun} would do what was only asked about.
 */
@ControllerAdvice
public class RequestMembers extends RequestBodyAdviceAdapter {

    private static final String ATTRIBUTE = RequestMembers.class.getName();

    private final JsonMapper json;

    RequestMembers(JsonMapper json) {
        this.json = json;
    }

    /**
     * Sees to it that the request has no other members, neither in its query nor in its body.
     *
     * @throws ProblemException naming each of the others
     */
    public static void requireOnly(Set<String> known) {
        RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
        if (!(attributes instanceof ServletRequestAttributes servlet)) {
            return;
        }
        Set<String> unknown = new TreeSet<>(servlet.getRequest().getParameterMap().keySet());
        if (servlet.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST) instanceof Set<?> body) {
            body.forEach(name -> unknown.add(String.valueOf(name)));
        }
        unknown.removeAll(known);
        if (unknown.isEmpty()) {
            return;
        }
        List<Violation> violations = new ArrayList<>();
        unknown.forEach(name -> violations.add(new Violation(
                "/" + name, "UNKNOWN", "There is no such member; there are " + String.join(", ", new TreeSet<>(known)) + ".")));
        throw ProblemException.invalid(violations);
    }

    @Override
    public boolean supports(
            MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converterType) {
        return Map.class.isAssignableFrom(parameter.getParameterType());
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType)
            throws IOException {
        byte[] body = message.getBody().readAllBytes();
        return new Body(new ByteArrayInputStream(textual(body)), message.getHeaders());
    }

    private record Body(InputStream getBody, HttpHeaders getHeaders) implements HttpInputMessage {}

    /** The same object with its numbers and flags as text; what is no such object is for whoever reads it to refuse. */
    private byte[] textual(byte[] body) {
        try {
            if (!(json.readTree(body) instanceof ObjectNode object)) {
                return body;
            }
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (member.getValue().isNumber() || member.getValue().isBoolean()) {
                    member.setValue(StringNode.valueOf(member.getValue().asString()));
                }
            }
            return json.writeValueAsBytes(object);
        } catch (JacksonException e) {
            return body;
        }
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType) {
        RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
        if (attributes != null && body instanceof Map<?, ?> members) {
            attributes.setAttribute(ATTRIBUTE, new HashSet<>(members.keySet()), RequestAttributes.SCOPE_REQUEST);
        }
        return body;
    }
}

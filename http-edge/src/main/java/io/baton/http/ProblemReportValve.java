package io.baton.http;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's own last word, for requests that never reach the application (a header that is too long, a target that is
 * not allowed), as a problem without page, version or stack trace. Public because Tomcat makes it by its class name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (status == 501 || status == 505) {
            // A transfer coding or a version that Tomcat does not know: the client's fault, and no alarm for operators.
            status = 400;
            response.setStatus(status);
        }
        ProblemException problem = Problems.ofStatus(status);
        ProblemType type = problem.type();
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.setCharacterEncoding("utf-8");
            SecurityHeaders.set(request.isSecure(), response::setHeader);
            Writer writer = response.getReporter();
            if (writer != null) {
                // By hand: all of it is our own text, and no mapper is at hand in here.
                writer.write(json(type, problem.detail()));
                response.finishResponse();
            }
        } catch (IOException | IllegalStateException e) {
            // The client has gone, or the answer has begun: there is nobody to tell.
            ExceptionUtils.handleThrowable(e);
        }
    }

    private static String json(ProblemType type, String detail) {
        String errors = type.status() < 500
                ? ",\"errors\":[{\"pointer\":\"\",\"code\":\"" + type.code() + "\",\"detail\":\"" + detail + "\"}]"
                : "";
        return "{\"type\":\"" + type.uri() + "\",\"title\":\"" + type.title() + "\",\"status\":" + type.status()
                + ",\"detail\":\"" + detail + "\"" + errors + "}";
    }
}

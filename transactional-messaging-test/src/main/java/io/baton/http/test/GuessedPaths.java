package io.baton.http.test;

import java.util.ArrayList;
import java.util.List;

/** What strangers try: management endpoints that are off, the ways around filters that were published, and usual names. */
final class GuessedPaths {

    /** Endpoints that show the inside of a service, of which none is ever on here. */
    private static final List<String> OFF = List.of(
            "env", "heapdump", "threaddump", "configprops", "loggers", "shutdown", "beans", "mappings", "conditions",
            "jolokia", "gateway", "refresh", "restart", "httpexchanges", "logfile", "caches", "scheduledtasks");

    /** With the endpoint for X and its first letter encoded for Y. */
    private static final List<String> WAYS = List.of(
            "/actuator/X", "/actuator/X/", "/actuator/X;a=b", "/actuator;/X", "/actuator/;/X", "//actuator/X",
            "/actuator//X", "/Actuator/X", "/ACTUATOR/X", "/actuator/Y", "/%61ctuator/X", "/actuator/./X",
            "/actuator/health/../X", "/actuator/health/..;/X", "/actuator/health/%2e%2e/X", "/actuator/health;/../X",
            "/actuator/X%00", "/actuator/X%2f", "/actuator%2fX", "/actuator/X.", "/actuator/X..", "/actuator/X.json",
            "/actuator/X%20", "/actuator/X%0a", "\\actuator\\X", "/manage/X", "/admin/X", "/X", "/readyz/../actuator/X",
            "/readyz;/actuator/X", "/actuator/info/X");

    private static final List<String> USUAL = List.of(
            "/v3/api-docs", "/swagger-ui.html", "/swagger-ui/index.html", "/h2-console", "/console", "/.env",
            "/.git/config", "/wp-login.php", "/server-status", "/phpmyadmin", "/error/x", "/jolokia/list",
            "/cloudfoundryapplication", "/druid/index.html", "/actuator/gateway/refresh", "/actuator/env/user.home",
            "/actuator/loggers/ROOT", "/actuator/caches/x", "/trace", "/dump", "/login", "/logout", "/oauth2/token",
            "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/static/../WEB-INF/web.xml", "/WEB-INF/web.xml");

    private GuessedPaths() {}

    static List<String> all() {
        List<String> paths = new ArrayList<>(USUAL);
        for (String endpoint : OFF) {
            paths.addAll(of(endpoint));
        }
        return paths;
    }

    /** The ways to one endpoint; the first is the straight one. */
    static List<String> of(String endpoint) {
        String encoded = "%" + Integer.toHexString(endpoint.charAt(0)) + endpoint.substring(1);
        return WAYS.stream().map(way -> way.replace("X", endpoint).replace("Y", encoded)).toList();
    }
}

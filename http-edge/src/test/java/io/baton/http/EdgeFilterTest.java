package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class EdgeFilterTest {

    private final EdgeFilter filter = new EdgeFilter(new ProblemWriter(JsonMapper.shared()), List.of());
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders/1");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void who_came_by_tls_is_told_to_come_by_nothing_else() throws Exception {
        request.setSecure(true);
        filter.doFilter(request, response, new MockFilterChain());
        assertThat(response.getHeader("Strict-Transport-Security")).isEqualTo("max-age=31536000");
    }

    @Test
    void who_came_without_it_is_not() throws Exception {
        filter.doFilter(request, response, new MockFilterChain());
        assertThat(response.getHeader("Strict-Transport-Security")).isNull();
        assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }
}

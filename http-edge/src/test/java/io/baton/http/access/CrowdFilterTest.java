package io.baton.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.http.Problem;
import io.baton.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class CrowdFilterTest {

    private static final FilterChain NOTHING = (request, response) -> {};
    private static final FilterChain UNREACHED = (request, response) -> {
        throw new AssertionError("was handled");
    };

    private final CrowdFilter filter = new CrowdFilter(2, new ProblemWriter(JsonMapper.shared()));

    @Test
    void who_comes_while_as_many_as_may_be_are_handled_is_told_to_come_again() throws Exception {
        List<MockHttpServletResponse> served = new ArrayList<>();
        List<MockHttpServletResponse> refused = new ArrayList<>();

        served.add(send("/orders", (first, answer) -> served.add(send("/orders", (second, another) -> {
            refused.add(send("/orders", UNREACHED));
            served.add(send("/readyz", NOTHING));
        }))));
        served.add(send("/orders", NOTHING));

        assertThat(served).as("the two, a probe, and one who came later").hasSize(4)
                .allSatisfy(answer -> assertThat(answer.getStatus()).isEqualTo(200));
        assertThat(refused).singleElement().satisfies(answer -> {
            assertThat(answer.getStatus()).isEqualTo(503);
            assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
            assertThat(answer.getContentType()).isEqualTo(Problem.MEDIA_TYPE);
        });
    }

    @Test
    void a_request_that_fails_gives_its_place_back() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> send("/orders", (request, response) -> {
                throw new ServletException("failed");
            })).isInstanceOf(ServletException.class);
        }

        assertThat(send("/orders", NOTHING).getStatus()).isEqualTo(200);
    }

    private MockHttpServletResponse send(String path, FilterChain handling) throws IOException, ServletException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(new MockHttpServletRequest("POST", path), response, handling);
        return response;
    }
}

package io.rolehost.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {

  @Test
  void requests_betweenTwoLooks_areSeenEvenIfTheyHaveEnded() {
    OpenRequests requests = new OpenRequests();
    IntStream.range(0, 5).forEach(_ -> requests.begin());
    int open = requests.look();
    IntStream.range(0, 5).forEach(_ -> requests.end());
    int ended = requests.look();
    requests.begin();
    requests.end();
    int shortOne = requests.look();
    assertEquals(List.of(5, 0, 1, 0), List.of(open, ended, shortOne, requests.look()));
  }

  @Test
  void requests_forTheHealth_areNoWork() {
    OpenRequests requests = new OpenRequests();
    requests.healthAt("/manage/health");
    List<String> paths =
        List.of(
            "/manage/health",
            "/photos/manage/health/readiness",
            "/readyz",
            "/",
            "/manage/healthy",
            "/manage/metrics",
            "/actuator/health");
    assertEquals(
        List.of(false, false, false, true, true, true, true),
        paths.stream().map(requests::counts).toList());
  }
}

// The evaluations' values as one writes them in C++: what gradients are compared with. Matrices are row-major.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

extern "C" {

double lse(const double* x, int n) {
  double max = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < n; i++) max = std::max(max, x[i]);
  double sum = 0;
  for (int i = 0; i < n; i++) sum += std::exp(x[i] - max);
  return max + std::log(sum);
}

double llsq(const double* x, int m, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) {
    double t = -1 + i * 2.0 / (n - 1);
    double residual = t > 0 ? 1 : t < 0 ? -1 : 0;
    double power = 1;
    for (int j = 0; j < m; j++) {
      residual -= x[j] * power;
      power *= t;
    }
    sum += residual * residual;
  }
  return 0.5 * sum;
}

// Every minor once, by its set of columns.
double det(const double* a, int ell) {
  std::vector<double> minors(1 << ell);
  minors[0] = 1;
  for (int s = 1; s < 1 << ell; s++) {
    int row = __builtin_popcount(s) - 1;
    double sign = row % 2 == 0 ? 1 : -1, sum = 0;
    for (int j = 0; j < ell; j++) {
      if (!(s >> j & 1)) continue;
      sum += sign * a[row * ell + j] * minors[s ^ 1 << j];
      sign = -sign;
    }
    minors[s] = sum;
  }
  return minors[(1 << ell) - 1];
}

static void slope(const double* x, const double* y, int n, double* out) {
  out[0] = x[0];
  for (int i = 1; i < n; i++) out[i] = x[i] * y[i - 1];
}

void ode(const double* x, int n, int s, double* y) {
  std::vector<double> k1(n), k2(n), k3(n), k4(n), at(n);
  double h = 2.0 / s;
  std::fill(y, y + n, 0.0);
  for (int step = 0; step < s; step++) {
    slope(x, y, n, k1.data());
    for (int i = 0; i < n; i++) at[i] = y[i] + h / 2 * k1[i];
    slope(x, at.data(), n, k2.data());
    for (int i = 0; i < n; i++) at[i] = y[i] + h / 2 * k2[i];
    slope(x, at.data(), n, k3.data());
    for (int i = 0; i < n; i++) at[i] = y[i] + h * k3[i];
    slope(x, at.data(), n, k4.data());
    for (int i = 0; i < n; i++) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
}

static double log_sum_exp(const double* x, int n) { return lse(x, n); }

static double log_gamma(double a, int d) {
  double sum = d * (d - 1) / 4.0 * std::log(M_PI);
  for (int j = 1; j <= d; j++) sum += std::lgamma(a + (1 - j) / 2.0);
  return sum;
}

double gmm(int d, int k, int n, const double* x, int m, double gamma, const double* alpha, const double* mu, const double* q, const double* l) {
  int below = d * (d - 1) / 2;
  std::vector<double> diagonal(k * d), sums(k), centred(d), product(d), beta(k);
  double penalty = 0;
  for (int c = 0; c < k; c++) {
    double squares = 0;
    for (int i = 0; i < d; i++) {
      diagonal[c * d + i] = std::exp(q[c * d + i]);
      sums[c] += q[c * d + i];
      squares += diagonal[c * d + i] * diagonal[c * d + i];
    }
    for (int e = 0; e < below; e++) squares += l[c * below + e] * l[c * below + e];
    penalty += gamma * gamma / 2 * squares - m * sums[c];
  }
  double likelihood = 0;
  for (int p = 0; p < n; p++) {
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < d; i++) centred[i] = x[p * d + i] - mu[c * d + i];
      for (int i = 0; i < d; i++) product[i] = diagonal[c * d + i] * centred[i];
      // Column by column, as l lies in memory.
      const double* next = l + c * below;
      for (int j = 0; j < d; j++)
        for (int i = j + 1; i < d; i++) product[i] += *next++ * centred[j];
      double distance = 0;
      for (int i = 0; i < d; i++) distance += product[i] * product[i];
      beta[c] = alpha[c] + sums[c] - 0.5 * distance;
    }
    likelihood += log_sum_exp(beta.data(), k);
  }
  int freedom = d + m + 1;
  return -n * (d / 2.0 * std::log(2 * M_PI) + log_sum_exp(alpha, k)) + likelihood
    + k * (freedom * d * std::log(gamma / std::sqrt(2)) - log_gamma(freedom / 2.0, d)) - penalty;
}

double kmeans(int n, int k, int d, const double* points, const double* centroids) {
  double cost = 0;
  for (int i = 0; i < n; i++) {
    double least = std::numeric_limits<double>::infinity();
    for (int c = 0; c < k; c++) {
      double distance = 0;
      for (int j = 0; j < d; j++) {
        double difference = points[i * d + j] - centroids[c * d + j];
        distance += difference * difference;
      }
      least = std::min(least, distance);
    }
    cost += least;
  }
  return cost;
}

static void cross(const double* a, const double* b, double* out) {
  out[0] = a[1] * b[2] - a[2] * b[1];
  out[1] = a[2] * b[0] - a[0] * b[2];
  out[2] = a[0] * b[1] - a[1] * b[0];
}

void ba(int n, int m, int p, const double* cams, const double* points, const double* weights, const double* feats, double* errors, double* weight_errors) {
  for (int i = 0; i < p; i++) {
    const double *cam = cams + 11 * (i % n), *x = points + 3 * (i % m);
    double y[3] = {x[0] - cam[3], x[1] - cam[4], x[2] - cam[5]}, z[3];
    double square = cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2];
    if (square == 0) {
      cross(cam, y, z);
      for (int j = 0; j < 3; j++) z[j] += y[j];
    } else {
      double angle = std::sqrt(square), cos = std::cos(angle), sin = std::sin(angle);
      double axis[3] = {cam[0] / angle, cam[1] / angle, cam[2] / angle};
      double along = (axis[0] * y[0] + axis[1] * y[1] + axis[2] * y[2]) * (1 - cos);
      cross(axis, y, z);
      for (int j = 0; j < 3; j++) z[j] = y[j] * cos + z[j] * sin + axis[j] * along;
    }
    double u = z[0] / z[2], v = z[1] / z[2], r = u * u + v * v;
    double distortion = 1 + cam[9] * r + cam[10] * r * r;
    errors[2 * i] = weights[i] * (u * distortion * cam[6] + cam[7] - feats[2 * i]);
    errors[2 * i + 1] = weights[i] * (v * distortion * cam[6] + cam[8] - feats[2 * i + 1]);
    weight_errors[i] = 1 - weights[i] * weights[i];
  }
}

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double lstm(int layers, int count, int b, const double* main, const double* extra, const double* start, const double* sequence) {
  std::vector<double> state(start, start + 2 * layers * b), flow(b);
  double total = 0;
  for (int t = 0; t < count - 1; t++) {
    for (int j = 0; j < b; j++) flow[j] = sequence[t * b + j] * extra[j];
    for (int i = 0; i < layers; i++) {
      const double *w = main + 8 * i * b, *bias = w + 4 * b;
      double *hidden = &state[2 * i * b], *cell = hidden + b;
      for (int j = 0; j < b; j++) {
        double forget = sigmoid(flow[j] * w[j] + bias[j]);
        double into = sigmoid(hidden[j] * w[b + j] + bias[b + j]);
        double out_of = sigmoid(flow[j] * w[2 * b + j] + bias[2 * b + j]);
        double change = std::tanh(hidden[j] * w[3 * b + j] + bias[3 * b + j]);
        cell[j] = cell[j] * forget + into * change;
        flow[j] = hidden[j] = out_of * std::tanh(cell[j]);
      }
    }
    double sum = 2;
    for (int j = 0; j < b; j++) sum += std::exp(flow[j] * extra[b + j] + extra[2 * b + j]);
    double norm = std::log(sum);
    for (int j = 0; j < b; j++) total += sequence[(t + 1) * b + j] * (flow[j] * extra[b + j] + extra[2 * b + j] - norm);
  }
  return -total / ((count - 1) * b);
}
}

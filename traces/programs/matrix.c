/* Multiplies two matrices of N rows and columns; the argument says in which order the loops stand. */
#include <stdio.h>
#include <string.h>

#define N 96

static double a[N][N], b[N][N], c[N][N];

int main(int count, char **words) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = i + j;
            b[i][j] = i - j;
        }
    if (count > 1 && strcmp(words[1], "ikj") == 0) {
        for (int i = 0; i < N; i++)
            for (int k = 0; k < N; k++)
                for (int j = 0; j < N; j++) c[i][j] += a[i][k] * b[k][j];
    } else {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                for (int k = 0; k < N; k++) c[i][j] += a[i][k] * b[k][j];
    }
    printf("%f\n", c[N - 1][N - 1]);
    return 0;
}

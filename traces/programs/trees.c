/* What the compiler of the trace `compiler` compiles: builds a binary tree of numbers, and adds them up. */
typedef unsigned long size;
void *malloc(size);

struct node {
    struct node *left, *right;
    int key;
};

static struct node *insert(struct node *node, int key) {
    if (!node) {
        node = malloc(sizeof *node);
        node->left = node->right = 0;
        node->key = key;
    } else if (key < node->key) {
        node->left = insert(node->left, key);
    } else {
        node->right = insert(node->right, key);
    }
    return node;
}

static long sum(const struct node *node) {
    return node ? sum(node->left) + node->key + sum(node->right) : 0;
}

int main(void) {
    struct node *root = 0;
    for (int i = 0; i < 1000; i++) root = insert(root, i * 7919 % 1009);
    return sum(root) % 256;
}

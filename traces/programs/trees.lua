-- Builds binary trees and drops them, so that the collector marks what is left and frees the rest.
collectgarbage("generational")
local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end
local function count(node)
  return node[1] and 1 + count(node[1]) + count(node[2]) or 1
end
local kept, nodes = tree(10), 0
for _ = 1, 12 do
  nodes = nodes + count(tree(7))
end
print(nodes + count(kept))

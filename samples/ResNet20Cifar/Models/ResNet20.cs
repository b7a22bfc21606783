namespace ResNet20Cifar.Models;

/// <summary>ResNet-20: 269,722 parameters, 40.55 million multiply-accumulates on a 32×32 image (with parameter-free shortcuts).</summary>
public sealed class ResNet20(Shortcut shortcut = Shortcut.ZeroPadding, int classes = 10) : CifarResNet(20, shortcut, classes);
